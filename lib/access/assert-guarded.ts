import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import type { DiscoveredHandler, DiscoveredHandlers } from './discovered-handlers.js';
import { nameOf } from './handler.js';
import { demandsOf, isMarked, isPublic } from './is-marked.js';

/** The key under which Nest keeps what \`@UseGuards()\` was given. */
const GUARDS = '__guards__';

/**
 * The handlers that a global guard protects.
 *
 * @throws McpAuthConfigurationError naming one that asks for what no guard sees to
 */
export function assertGuarded(handlers: DiscoveredHandlers): DiscoveredHandler[] {
  const fieldsAreGuarded = handlers.fieldsAreGuarded();
  const gatewaysAreGuarded = handlers.gatewaysAreGuarded();
  return handlers.all().filter((handler) => {
    if (handler.kind === 'field' && !fieldsAreGuarded) {
      assertNothingAsked(handler);
      return false;
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

function assertNothingAsked(field: DiscoveredHandler): void {
  const demands = demandsOf(field);
  if (demands.length > 0) {
    throw new McpAuthConfigurationError(
      `${nameOf(field)} is a field resolver with ${demands.join(' and ')}, and GraphQL runs no guard on it; add fieldResolverEnhancers: ['guards', 'interceptors'] to the options of the GraphQLModule.`,
    );
  }
}
