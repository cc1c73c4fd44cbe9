import { log } from '../log/log.js';
import type { PolicyDescription } from '../start-up/policy-description.js';

/**
 * Returns the descriptions of routes by the names of their handlers. Two classes may have the same name. If the
 * requirements of their handlers differ, neither handler is returned, and a warning is logged.
 */
export function routesByName(
  descriptions: readonly PolicyDescription[],
): ReadonlyMap<string, PolicyDescription> {
  const routes = new Map<string, PolicyDescription>();
  const ambiguous = new Set<string>();
  for (const description of descriptions.filter(({ kind }) => kind === 'http')) {
    const { handler } = description;
    const other = routes.get(handler);
    if (other !== undefined && JSON.stringify(other) !== JSON.stringify(description)) {
      ambiguous.add(handler);
    }
    routes.set(handler, description);
  }
  for (const handler of ambiguous) {
    routes.delete(handler);
    log.warn(
      `Two classes have a handler ${handler}, with different requirements. OpenAPI shows no requirements for this handler. Rename one of the classes.`,
    );
  }
  return routes;
}
