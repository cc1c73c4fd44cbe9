import type { Type } from '@nestjs/common';
import { Challenges } from '../challenge/challenges.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import type { ProtectedResource } from '../protected-resource/protected-resource.js';
import type { ProtectedResourceRegistry } from '../protected-resource/protected-resource-registry.js';
import { declaredResource } from '../protected-resource/resource.decorator.js';
import { requiredScopes } from '../scope/require-scopes.decorator.js';
import { declaredAccess, type Access } from './access.decorator.js';

/** A route handler: a method of a controller. */
export interface Handler {
  readonly controller: Type;
  readonly method: (...args: never[]) => unknown;
}

/** What a handler demands of a request. */
export type AccessPolicy = 'public' | ProtectedAccess;

export interface ProtectedAccess {
  readonly resource: ProtectedResource;
  /** Whether a request without a token is let in. */
  readonly anonymous: boolean;
  readonly requiredScopes: readonly string[];
  readonly challenges: Challenges;
}

/** `NotesController.list`, as messages name it. */
export function nameOf({ controller, method }: Handler): string {
  return `${controller.name}.${method.name}`;
}

/**
 * Works out what a handler demands, from the decorators on it and on its controller.
 *
 * @throws McpAuthConfigurationError naming the handler, if the decorators contradict each other, or
 * leave open which resource the handler belongs to
 */
export function resolveAccessPolicy(
  handler: Handler,
  resources: ProtectedResourceRegistry,
): AccessPolicy {
  const { controller, method } = handler;
  const declared = declaredResource(method) ?? declaredResource(controller);
  const resource = declared === undefined ? undefined : known(declared, handler, resources);
  const access = declaredAccess(method) ?? declaredAccess(controller);
  if (access === 'public') {
    assertNoScopes(handler);
    return 'public';
  }
  return protectedAccess(handler, resource ?? onlyOne(handler, resources), access);
}

function protectedAccess(
  { controller, method }: Handler,
  resource: ProtectedResource,
  access: Access | undefined,
): ProtectedAccess {
  const scopes = [...new Set([...requiredScopes(controller), ...requiredScopes(method)])];
  return Object.freeze({
    resource,
    anonymous: access === 'optional',
    requiredScopes: scopes,
    challenges: new Challenges(resource.metadataUrl, scopes),
  });
}

function known(
  declared: string,
  handler: Handler,
  resources: ProtectedResourceRegistry,
): ProtectedResource {
  const resource = resources.get(declared);
  if (resource === undefined) {
    throw new McpAuthConfigurationError(
      `${nameOf(handler)} belongs to @Resource("${declared}"), which protectedResources does not name; known: ${identifiers(resources)}.`,
    );
  }
  return resource;
}

function onlyOne(handler: Handler, resources: ProtectedResourceRegistry): ProtectedResource {
  const [resource, ...others] = resources.all;
  if (resource === undefined || others.length > 0) {
    throw new McpAuthConfigurationError(
      `${nameOf(handler)} belongs to no resource; add @Resource(…) to it or to its controller with one of ${identifiers(resources)}, or mark it @Public().`,
    );
  }
  return resource;
}

/** Scopes that stand nearer to the handler than `@Public()`, or beside it, would have no effect. */
function assertNoScopes(handler: Handler): void {
  const { controller, method } = handler;
  const scopes = [
    ...requiredScopes(method),
    ...(declaredAccess(method) === undefined ? requiredScopes(controller) : []),
  ];
  if (scopes.length > 0) {
    throw new McpAuthConfigurationError(
      `${nameOf(handler)} is @Public() and yet @RequireScopes(${scopes.map((scope) => `'${scope}'`).join(', ')}); remove one of them.`,
    );
  }
}

function identifiers({ all }: ProtectedResourceRegistry): string {
  return all.map(({ resource }) => resource).join(', ');
}
