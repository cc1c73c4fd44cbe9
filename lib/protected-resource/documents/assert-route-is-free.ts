import type { AbstractHttpAdapter } from '@nestjs/core';
import { McpAuthConfigurationError } from '../../errors/configuration.error.js';
import { pathKey } from '../../url/path-key.js';

/** The part of a Fastify instance that knows the routes. */
interface FastifyRoutes {
  hasRoute(route: { method: string; url: string }): boolean;
}

/** The part of an Express application that knows the routes. */
interface ExpressRoutes {
  router: { stack: readonly { route?: { path: unknown } }[] };
}

/**
 * Checks that the application has no route of its own at a path. A document at that path would hide the route. Call
 * this function when all routes are mounted. A middleware, or a wildcard or parameter that matches the path, is **not**
 * found.
 *
 * @throws McpAuthConfigurationError if the application has such a route
 */
export function assertRouteIsFree(adapter: AbstractHttpAdapter, path: string): void {
  const isTaken =
    adapter.getType() === 'fastify'
      ? adapter.getInstance<FastifyRoutes>().hasRoute({ method: 'GET', url: path })
      : expressPaths(adapter).some((own) => pathKey(own) === pathKey(path));
  if (isTaken) {
    throw new McpAuthConfigurationError(
      `The application has a route of its own at ${path}, which legacyDiscovery would hide. Remove the route or legacyDiscovery.`,
    );
  }
}

function expressPaths(adapter: AbstractHttpAdapter): string[] {
  const { stack } = adapter.getInstance<ExpressRoutes>().router;
  return stack.flatMap(({ route }) => route?.path).filter((path) => typeof path === 'string');
}
