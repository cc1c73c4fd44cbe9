import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import type { DiscoveredHandler, DiscoveredHandlers } from './discovered-handlers.js';
import { nameOf } from './handler.js';
import { asksForScopes, isMarked } from './is-marked.js';

/**
 * The handlers that a global guard protects.
 *
 * @throws McpAuthConfigurationError naming one that asks for scopes where no guard comes
 */
export function assertGuarded(handlers: DiscoveredHandlers): DiscoveredHandler[] {
  const fieldsAreGuarded = handlers.fieldsAreGuarded();
  return handlers.all().filter((handler) => {
    if (handler.kind === 'field' && !fieldsAreGuarded) {
      assertNothingAsked(handler);
      return false;
    }
    return handler.kind !== 'rpc' || isMarked(handler);
  });
}

function assertNothingAsked(field: DiscoveredHandler): void {
  if (asksForScopes(field)) {
    throw new McpAuthConfigurationError(
      `${nameOf(field)} is a field resolver with @RequireScopes(), and GraphQL runs no guard on it; add fieldResolverEnhancers: ['guards'] to the options of the GraphQLModule.`,
    );
  }
}
