import type { DiscoveredHandler, DiscoveredHandlers } from '../access/discovered-handlers.js';
import { nameOf } from '../access/handler.js';
import { demandsOf, isMarked, isPublic } from '../access/is-marked.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';

/** The key under which Nest keeps what \`@UseGuards()\` was given. */
const GUARDS = '__guards__';

/** The remedy where GraphQL runs no guard. */
export const GUARD_FIELDS =
  "Add fieldResolverEnhancers: ['guards', 'interceptors'] to the options of the GraphQLModule";

/**
 * The handlers that a global guard protects.
 *
 * @throws McpAuthConfigurationError naming one that asks for what no guard sees to
 */
export function assertGuarded(handlers: DiscoveredHandlers): DiscoveredHandler[] {
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
    if (handler.kind === 'rpc') {
      assertTokenIsSought(handler);
      return isMarked(handler);
    }
    return true;
  });
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
      `${nameOf(handler)} is a gateway's, and Nest runs no global guard on gateways before version 12; add @UseGuards(BearerAuthGuard) and @UseInterceptors(AuthInfoInterceptor) to ${handler.controller.name}, or mark the handler @Public().`,
    );
  }
}

function hasGuardOfItsOwn({ controller, method }: DiscoveredHandler): boolean {
  const handler = (controller.prototype as Record<string, object>)[method] ?? controller;
  return [handler, controller].some((target) => Reflect.hasMetadata(GUARDS, target));
}

function isField({ kind }: DiscoveredHandler): boolean {
  return kind === 'field' || kind === 'reference';
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
