import type { DiscoveredHandler, DiscoveredHandlers } from '../access/discovered-handlers.js';
import { nameOf } from '../access/handler.js';
import { demandsOf, isMarked, isPublic } from '../access/is-marked.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { hasGuardOfItsOwn } from './bound-guards.js';

/** The remedy where GraphQL runs no guard. */
export const GUARD_FIELDS =
  "Add fieldResolverEnhancers: ['guards', 'interceptors'] to the options of the GraphQLModule";

/**
 * Returns the handlers that a global guard protects.
 *
 * @throws McpAuthConfigurationError naming one that asks for what no guard sees to
 */
export function assertGuarded(handlers: DiscoveredHandlers): DiscoveredHandler[] {
  const guarded = assertReached(handlers);
  guarded.filter(({ kind }) => kind === 'rpc').forEach(assertTokenIsSought);
  return guarded.filter((handler) => handler.kind !== 'rpc' || isMarked(handler));
}

/**
 * Returns the handlers that Nest calls a global guard for.
 *
 * @throws McpAuthConfigurationError naming another one, if it asks for what no guard sees to
 */
export function assertReached(handlers: DiscoveredHandlers): DiscoveredHandler[] {
  const fieldsAreGuarded = handlers.fieldsAreGuarded();
  const gatewaysAreGuarded = handlers.gatewaysAreGuarded();
  return handlers.all().filter((handler) => {
    if (isField(handler) && !fieldsAreGuarded) {
      assertNothingAsked(handler);
      return isPublic(handler);
    }
    if (handler.kind === 'ws' && !gatewaysAreGuarded) {
      assertGuardIsBound(handler);
    }
    return true;
  });
}

/**
 * Checks that each handler with a decorator has the guard bound to it, where none is bound globally. What
 * has no decorator is the application's own to decide on.
 *
 * @throws McpAuthConfigurationError naming one that no guard comes to
 */
export function assertBound(handlers: DiscoveredHandlers): void {
  const fieldsAreGuarded = handlers.fieldsAreGuarded();
  for (const handler of handlers.all()) {
    if (!isMarked(handler) || isPublic(handler)) {
      continue;
    }
    if (isField(handler) && !fieldsAreGuarded) {
      assertNothingAsked(handler);
    }
    if (!hasGuardOfItsOwn(handler)) {
      throw new McpAuthConfigurationError(
        `${nameOf(handler)} has ${namesOf(handler)}, and no guard enforces it: the module was registered with guard: false. Add @UseGuards(BearerAuthGuard) to it or to ${handler.controller.name}, or mark it @Public().`,
      );
    }
  }
}

/**
 * The guard as it is knows of no token in a message, and does not even come where a microservice of a
 * hybrid application inherits no global guards: what is asked for would be refused, or given away.
 */
function assertTokenIsSought(handler: DiscoveredHandler): void {
  if (isMarked(handler) && !isPublic(handler) && !hasGuardOfItsOwn(handler)) {
    throw new McpAuthConfigurationError(
      `${nameOf(handler)} is called by messages and asks for a token, and BearerAuthGuard does not know where a message has one; bind a subclass that says so in getRequest(), or mark the handler @Public().`,
    );
  }
}

function assertGuardIsBound(handler: DiscoveredHandler): void {
  if (!isPublic(handler) && !hasGuardOfItsOwn(handler)) {
    throw new McpAuthConfigurationError(
      `${nameOf(handler)} is a gateway's, and the installed version of @nestjs/websockets runs no global guard on gateways (version 12 does); add @UseGuards(BearerAuthGuard) and @UseInterceptors(AuthInfoInterceptor) to ${handler.controller.name}, or mark the handler @Public().`,
    );
  }
}

function isField({ kind }: DiscoveredHandler): boolean {
  return kind === 'field' || kind === 'reference';
}

function namesOf(handler: DiscoveredHandler): string {
  const demands = demandsOf(handler);
  return demands.length > 0 ? demands.join(' and ') : '@OptionalAuth()';
}

/** A field is reached from a guarded root. A reference is reached from `_entities`, which nothing guards. */
function assertNothingAsked(field: DiscoveredHandler): void {
  if (isPublic(field)) {
    return;
  }
  if (field.kind === 'reference') {
    throw new McpAuthConfigurationError(
      `${nameOf(field)} is a reference resolver, and GraphQL runs no guard on it, nor on the query "_entities" that calls it. ${GUARD_FIELDS}; or mark it @Public().`,
    );
  }
  const demands = demandsOf(field);
  if (demands.length > 0) {
    throw new McpAuthConfigurationError(
      `${nameOf(field)} is a field resolver with ${demands.join(' and ')}, and GraphQL runs no guard on it. ${GUARD_FIELDS}; or mark it @Public().`,
    );
  }
}
