import type { DiscoveredHandlers } from '../policy/discovery/discovered-handlers.js';
import { nameOf } from '../handler/handler.js';
import { isPublic } from '../policy/is-marked.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { GUARD_FIELDS } from './assert-guarded.js';
import type { GraphqlSchemas } from './graphql-schemas.js';

/**
 * Checks that the query `_entities` of a federated schema reaches no field resolver without a guard. Nest
 * runs no guard on `_entities` itself. If an entity has no reference resolver, `_entities` calls the entity's
 * field resolvers directly.
 *
 * It does **not** work out which field resolvers an entity reaches: if one entity has no reference resolver, every
 * field resolver of the application must be `@Public()`.
 *
 * @throws McpAuthConfigurationError naming a type without a reference resolver, and a field resolver that is
 * not `@Public()`
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
      `The GraphQL type "${entity}" has no @ResolveReference(), so a federated query may reach field resolvers such as ${nameOf(field)} without the guard. ${GUARD_FIELDS}; or mark all field resolvers @Public().`,
    );
  }
}
