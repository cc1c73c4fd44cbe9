import type { DiscoveredHandlers } from '../policy/discovery/discovered-handlers.js';
import { parentTypeOf, ROOT_TYPES } from '../transport/resolvers.js';
import { nameOf, type Method } from '../handler/handler.js';
import { isPublic } from '../policy/is-marked.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { GUARD_FIELDS } from './assert-guarded.js';
import type { GraphqlSchemas } from './graphql-schemas.js';

/**
 * Checks that no operation begins at a field resolver. Nest recognizes root types only by the names `Query`,
 * `Mutation` and `Subscription`, and guards only their resolvers. If a schema gives root types other names,
 * Nest takes their resolvers for field resolvers.
 *
 * @throws McpAuthConfigurationError naming such a field resolver, unless it is `@Public()`
 */
export function assertRootsAreGuarded(handlers: DiscoveredHandlers, schemas: GraphqlSchemas): void {
  const renamed = schemas.rootTypes().filter((name) => !ROOT_TYPES.includes(name));
  if (renamed.length === 0 || handlers.fieldsAreGuarded()) {
    return;
  }
  const root = handlers.all().find((handler) => {
    const { controller, method, kind } = handler;
    const implementation = (controller.prototype as Record<string, Method>)[method];
    const parent = implementation && parentTypeOf(controller, implementation);
    return kind === 'field' && !isPublic(handler) && renamed.some((name) => name === parent);
  });
  if (root !== undefined) {
    throw new McpAuthConfigurationError(
      `${nameOf(root)} starts an operation, but Nest takes it for a field resolver and runs no guard on it: the schema names its root types ${renamed.join(', ')}. Name the root types Query, Mutation and Subscription. To keep other names: ${GUARD_FIELDS}; or mark the handler @Public().`,
    );
  }
}
