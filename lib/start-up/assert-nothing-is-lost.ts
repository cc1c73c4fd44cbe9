import type { Type } from '@nestjs/common';
import type { DiscoveredHandler } from '../policy/discovery/discovered-handlers.js';
import { protectingDecoratorsOfMethod } from '../policy/is-marked.js';
import { nameOf, type Handler } from '../handler/handler.js';
import { methodAccess } from '../decorators/access.decorator.js';
import { classConditions, methodConditions } from '../decorators/condition.js';
import { addUp, classScopes, methodScopes } from '../decorators/require-scopes.decorator.js';
import { declaredResource } from '../decorators/resource.decorator.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { originsOf, type DecoratedMethod } from '../handler/decorated.js';
import { lineage } from '../handler/lineage.js';
import { wasDecorated } from '../handler/requires-module.js';
import { declaredMcpEndpoint } from '../decorators/mcp-endpoint.decorator.js';

/**
 * Checks that a method from another class (a mixin) has all requirements that it has in that class. A copied function
 * does not bring along the decorators of its class. A wrapper does not have the decorators of the function that it
 * wraps.
 *
 * @throws McpAuthConfigurationError naming a handler that lost a requirement
 */
export function assertNothingIsLost(handlers: readonly DiscoveredHandler[]): void {
  for (const handler of handlers) {
    const methods = handler.controller.prototype as Record<string, object | undefined>;
    const implementation = methods[handler.method];
    if (implementation !== undefined && wasDecorated(implementation)) {
      assertKeepsDecorators(handler);
    }
    for (const origin of implementation === undefined ? [] : originsOf(implementation)) {
      assertNotLost(handler, origin);
    }
  }
}

/**
 * Checks that a wrapper still has decorators. Some wrappers copy only Nest's metadata from the function that
 * they call, and not the metadata of this library.
 */
function assertKeepsDecorators(handler: DiscoveredHandler): void {
  const access = methodAccess(handler.controller, handler.method);
  if (access === undefined && protectingDecoratorsOfMethod(handler).length === 0) {
    throw new McpAuthConfigurationError(
      `${nameOf(handler)} wraps a method that has decorators of nestjs-mcp-auth, but does not have them itself; copy all metadata from the method to the wrapper, or put the decorators on ${handler.controller.name}.`,
    );
  }
}

function assertNotLost(handler: DiscoveredHandler, { prototype, method }: DecoratedMethod): void {
  const controller = prototype.constructor as Type;
  const isInherited = lineage(handler.controller).some((type) => type.prototype === prototype);
  const [lost] = isInherited ? [] : lostBetween({ controller, method }, handler);
  if (lost !== undefined) {
    throw new McpAuthConfigurationError(
      `${nameOf(handler)} is mixed in from ${controller.name}.${method}, but lacks the ${lost} that it has there; put ${lost} on ${handler.controller.name} or on the method, above any decorator that replaces the method.`,
    );
  }
}

function lostBetween(from: Handler, to: Handler): string[] {
  const [original, copy] = [requirementsOf(from), requirementsOf(to)];
  return Object.entries(original)
    .filter(([decorator, required]) =>
      required.some((one) => !copy[decorator as keyof typeof copy].includes(one)),
    )
    .map(([decorator]) => decorator);
}

function requirementsOf({ controller, method }: Handler) {
  const { fixed, computed } = addUp(classScopes(controller), methodScopes(controller, method));
  const conditions = [...classConditions(controller), ...methodConditions(controller, method)];
  const isBy = (name: string) => conditions.filter(({ decorator }) => decorator === name);
  return {
    '@RequireScopes()': [...fixed, ...computed] as unknown[],
    '@RequireAuth()': isBy('@RequireAuth()') as unknown[],
    '@RequireClaims()': isBy('@RequireClaims()') as unknown[],
    '@Resource()': [declaredResource(controller, method)].filter(
      (one) => one !== undefined,
    ) as unknown[],
    '@McpEndpoint()': [declaredMcpEndpoint(controller, method)].filter(
      (one) => one !== undefined,
    ) as unknown[],
  };
}
