import { challengeSchemes } from '../challenge/challenge-schemes.js';
import { cheapestScopes } from '../scope/cheapest-scopes.js';
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

/** What a handler demands of a request. */
export type AccessPolicy = 'public' | ProtectedAccess;

/** A handler and what it requires. */
export interface HandlerPolicy {
  readonly handler: Handler;
  readonly policy: AccessPolicy;
}

export interface ProtectedAccess {
  /** Who demands it. */
  readonly handler: Handler;
  readonly resource: ProtectedResource;
  /** Whether a request without a token is let in. */
  readonly anonymous: boolean;
  readonly scopes: RequiredScopes;
  /** What else is to be true of the caller; asked in this order, before the scopes. */
  readonly conditions: readonly Condition[];
  /** The MCP operations, where the handler takes JSON-RPC. */
  readonly mcp: McpEndpointPolicy | undefined;
  /** Whose pages may call, where the handler is an MCP endpoint. */
  readonly origins: OriginPolicy | undefined;
  /** The rejections of a request of which no more is known than that it is for this handler. */
  readonly rejections: Rejections;
}

/** Returns the MCP operations of a handler that takes JSON-RPC, or belongs to one that does. */
export type EndpointOf = (
  handler: Handler,
  resource: ProtectedResource,
) => McpEndpointPolicy | undefined;

/**
 * Works out what a handler demands, from the decorators on it and on its controller.
 *
 * @throws McpAuthConfigurationError naming the handler, if the decorators contradict each other, or
 * leave open which resource the handler belongs to
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
 * Whether `@RequireScopes()` on the method stands nearer to the handler than `@OptionalAuth()` does. An
 * anonymous caller cannot have these scopes, so they ask for a token, as conditions do.
 */
function isScopedBelowClass({ controller, method }: Handler): boolean {
  const { fixed, computed } = methodScopes(controller, method);
  return methodAccess(controller, method) === undefined && fixed.length + computed.length > 0;
}

/** Returns the rejections of a resource's handler with these scopes. */
export function rejectionsAt(
  { metadataUrl, dpop }: ProtectedResource,
  { fixed }: RequiredScopes,
): Rejections {
  return new Rejections(metadataUrl, cheapestScopes(fixed, new Set()), challengeSchemes(dpop));
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

/** What stands nearer to the handler than `@Public()`, or beside it, would have no effect. */
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
    throw new McpAuthConfigurationError(
      `${nameOf(handler)} is @Public() and yet ${decorators.join(' and ')}; remove one of them.`,
    );
  }
}

function identifiers({ all }: ProtectedResourceRegistry): string {
  return all.map(({ resource }) => resource).join(', ');
}
