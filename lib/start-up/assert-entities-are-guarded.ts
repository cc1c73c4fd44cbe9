import type { DiscoveredHandlers } from '../policy/discovery/discovered-handlers.js';
import { nameOf } from '../handler/handler.js';
import { isPublic } from '../policy/is-marked.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { GUARD_FIELDS } from './assert-guarded.js';
import type { GraphqlSchemas } from './graphql-schemas.js';

/**
 * Checks that no field resolver is the first of the application's functions that `_entities` of a
 * federated schema calls: Nest guards neither.
 *
 * @throws McpAuthConfigurationError naming one that is, unless it is `@Public()`
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
      `${nameOf(field)} is a field resolver, and a federated query reaches it past the guard: the entity "${entity}" has no @ResolveReference(). ${GUARD_FIELDS}; or mark it @Public().`,
    );
  }
}
