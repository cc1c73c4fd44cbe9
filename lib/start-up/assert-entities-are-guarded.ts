import type { DiscoveredHandlers } from '../policy/discovery/discovered-handlers.js';
import { nameOf } from '../handler/handler.js';
import { isPublic } from '../policy/is-marked.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { GUARD_FIELDS } from './assert-guarded.js';
import type { GraphqlSchemas } from './graphql-schemas.js';

/**
 * Checks that `_entities` of a federated schema calls no field resolver before any guarded function. Nest
 * runs no guard on `_entities` itself.
 *
 * @throws McpAuthConfigurationError naming such a field resolver, unless it is `@Public()`
 */
export function assertEntitiesAreGuarded(
  handlers: DiscoveredHandlers,
  schemas: GraphqlSchemas,
): void {
  const field = handlers.all().find((handler) => handler.kind === 'field' && !isPublic(handler));
  if (field === undefined || handlers.fieldsAreGuarded()) {
    return;
  }
  const [entity] = schemas.unresolvedEntities();
  if (entity !== undefined) {
    throw new McpAuthConfigurationError(
      `${nameOf(field)} is a field resolver, and a federated query reaches it without the guard: the entity "${entity}" has no @ResolveReference(). ${GUARD_FIELDS}; or mark it @Public().`,
    );
  }
}
