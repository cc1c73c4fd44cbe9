import { challengeSchemes } from '../challenge/challenge-schemes.js';
import { cheapestScopes } from '../scope/cheapest-scopes.js';
import { requestedNames } from '../scope/scope-prefix.js';
import { Rejections } from '../challenge/rejections.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { McpEndpointPolicy } from '../mcp/mcp-endpoint.js';
import { declaredMcpEndpoint } from '../decorators/mcp-endpoint.decorator.js';
import { OriginPolicy } from '../mcp/origin-policy.js';
import type { ProtectedResource } from '../protected-resource/protected-resource.js';
import type { ProtectedResourceRegistry } from '../protected-resource/protected-resource-registry.js';
import { classAccess, methodAccess } from '../decorators/access.decorator.js';
import { classConditions, methodConditions, type Condition } from '../decorators/condition.js';
import { nameOf, type Handler } from '../handler/handler.js';
import {
  addUp,
  classScopes,
  methodScopes,
  type RequiredScopes,
} from '../decorators/require-scopes.decorator.js';
import { declaredResource } from '../decorators/resource.decorator.js';
import { namedScopes } from './named-scopes.js';

/** The requirements of a handler. */
export type AccessPolicy = 'public' | ProtectedAccess;

/** A handler and its policy. */
export interface HandlerPolicy {
  readonly handler: Handler;
  readonly policy: AccessPolicy;
}

export interface ProtectedAccess {
  /** The handler that this policy applies to. */
  readonly handler: Handler;
  readonly resource: ProtectedResource;
  /** `true` if requests without a token are let in. */
  readonly anonymous: boolean;
  readonly scopes: RequiredScopes;
  /** The conditions that the caller has to meet. They are checked in this order, before the scopes. */
  readonly conditions: readonly Condition[];
  /** The MCP operations, if the handler takes JSON-RPC, or shares the path of one that does. */
  readonly mcp: McpEndpointPolicy | undefined;
  /** The origins whose pages may call the handler. Set if `mcp` is set. */
  readonly origins: OriginPolicy | undefined;
  /** The rejections of a request whose operation is not known. */
  readonly rejections: Rejections;
}

/** Returns the MCP operations of a handler that takes JSON-RPC, or that shares the path of one that does. */
export type EndpointOf = (
  handler: Handler,
  resource: ProtectedResource,
) => McpEndpointPolicy | undefined;

/**
 * Works out the policy of a handler from the decorators on it and on its controller.
 *
 * @throws McpAuthConfigurationError naming the handler, if the decorators contradict each other, or do not
 * say which resource the handler belongs to
 */
export function resolveAccessPolicy(
  handler: Handler,
  resources: ProtectedResourceRegistry,
  endpointOf: EndpointOf,
): AccessPolicy {
  const { controller, method } = handler;
  const declared = declaredResource(controller, method);
  const resource = declared === undefined ? undefined : knownResource(declared, handler, resources);
  const access = methodAccess(controller, method) ?? classAccess(controller);
  if (access === 'public') {
    assertNothingRequired(handler);
    return 'public';
  }
  const scopes = addUp(classScopes(controller), methodScopes(controller, method));
  const conditions = [...classConditions(controller), ...methodConditions(controller, method)];
  const owner = resource ?? onlyOne(handler, resources);
  const mcp = endpointOf(handler, owner);
  assertWithoutPrefix(namedScopes({ scopes, mcp }), owner, handler);
  return Object.freeze({
    handler,
    resource: owner,
    anonymous: access === 'optional' && conditions.length === 0 && !isScopedBelowClass(handler),
    scopes,
    conditions,
    mcp,
    origins: mcp && new OriginPolicy(owner),
    rejections: rejectionsAt(owner, scopes),
  });
}

/**
 * Returns `true` if the method has `@RequireScopes()` and `@OptionalAuth()` stands on the class only. An
 * anonymous caller cannot have these scopes, so they require a token, as conditions do.
 */
function isScopedBelowClass({ controller, method }: Handler): boolean {
  const { fixed, computed } = methodScopes(controller, method);
  return methodAccess(controller, method) === undefined && fixed.length + computed.length > 0;
}

/** Returns the rejections for a resource and these scopes. */
export function rejectionsAt(
  { metadataUrl, dpop, scopePrefix }: ProtectedResource,
  { fixed }: RequiredScopes,
): Rejections {
  const scopes = requestedNames(cheapestScopes(fixed, new Set()), scopePrefix);
  return new Rejections(metadataUrl, scopes, challengeSchemes(dpop));
}

/** Throws if a scope already has the prefix of the resource. No token could meet it. */
function assertWithoutPrefix(
  scopes: readonly string[],
  { resource, scopePrefix }: ProtectedResource,
  handler: Handler,
): void {
  const long = scopes.find((scope) => scopePrefix !== '' && scope.startsWith(scopePrefix));
  if (long !== undefined) {
    throw new McpAuthConfigurationError(
      `${nameOf(handler)} requires "${long}", but the option "scopePrefix" of ${resource} is put before scopes; require "${long.slice(scopePrefix.length)}", the name that tokens have.`,
    );
  }
}

/** @throws McpAuthConfigurationError naming the handler, if `protectedResources` does not name it */
export function knownResource(
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

/**
 * Throws if `@Public()` leaves a decorator without effect. That is so if both are on the same target, or if
 * `@Public()` is on the class and the decorator is on the method.
 */
function assertNothingRequired(handler: Handler): void {
  const { controller, method } = handler;
  const ofMethod = methodScopes(controller, method);
  const isPublicItself = methodAccess(controller, method) !== undefined;
  const required = isPublicItself ? ofMethod : addUp(classScopes(controller), ofMethod);
  const conditions = [
    ...(isPublicItself ? [] : classConditions(controller)),
    ...methodConditions(controller, method),
  ];
  const decorators = [
    required.fixed.length + required.computed.length > 0 ? '@RequireScopes()' : [],
    ...new Set(conditions.map(({ decorator }) => decorator)),
    declaredMcpEndpoint(controller, method) ? '@McpEndpoint()' : [],
  ].flat();
  if (decorators.length > 0) {
    const others = decorators.join(' and ');
    throw new McpAuthConfigurationError(
      `${nameOf(handler)} is @Public() and yet ${others}; remove @Public() or ${others}.`,
    );
  }
}

function identifiers({ all }: ProtectedResourceRegistry): string {
  return all.map(({ resource }) => resource).join(', ');
}
