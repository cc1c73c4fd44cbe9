import type { DiscoveredHandlers } from '../policy/discovery/discovered-handlers.js';
import { nameOf } from '../handler/handler.js';
import { isPublic } from '../policy/is-marked.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { GUARD_FIELDS } from './assert-guarded.js';
import type { GraphqlSchemas } from './graphql-schemas.js';

/**
 * Checks that the query `_entities` of a federated schema reaches no field resolver without a guard. Nest
 * runs no guard on `_entities` itself. If an entity has no reference resolver, `_entities` calls its field
 * resolvers directly.
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
