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
import { hasDecorator } from '../handler/requires-module.js';
import { declaredMcpEndpoint } from '../decorators/mcp-endpoint.decorator.js';

/**
 * Checks that a method that was mixed in from another class has all requirements that it has there.
 * Decorators on that class, or on a method that was wrapped, do not come with the function.
 *
 * @throws McpAuthConfigurationError naming a handler that lost a requirement
 */
export function assertNothingIsLost(handlers: readonly DiscoveredHandler[]): void {
  for (const handler of handlers) {
    const methods = handler.controller.prototype as Record<string, object | undefined>;
    const implementation = methods[handler.method];
    if (implementation !== undefined && hasDecorator(implementation)) {
      assertHasDecorators(handler);
    }
    for (const origin of implementation === undefined ? [] : originsOf(implementation)) {
      assertNotLost(handler, origin);
    }
  }
}

/**
 * Checks that a wrapped method still has decorators. A wrapper may have been given Nest's metadata of the
 * function that it calls, but not that of this library.
 */
function assertHasDecorators(handler: DiscoveredHandler): void {
  const access = methodAccess(handler.controller, handler.method);
  if (access === undefined && protectingDecoratorsOfMethod(handler).length === 0) {
    throw new McpAuthConfigurationError(
      `${nameOf(handler)} wraps a method with decorators of nestjs-mcp-auth, and has lost them; copy all metadata of the function, or put the decorators on ${handler.controller.name}.`,
    );
  }
}

function assertNotLost(handler: DiscoveredHandler, { prototype, method }: DecoratedMethod): void {
  const controller = prototype.constructor as Type;
  const isInherited = lineage(handler.controller).some((type) => type.prototype === prototype);
  const [lost] = isInherited ? [] : lostBetween({ controller, method }, handler);
  if (lost !== undefined) {
    throw new McpAuthConfigurationError(
      `${nameOf(handler)} is mixed in from ${controller.name}.${method}, without the ${lost} that it has there; put it on ${handler.controller.name} or on the method, above any decorator that replaces the method.`,
    );
  }
}

function lostBetween(from: Handler, to: Handler): string[] {
  const [then, now] = [requirementsOf(from), requirementsOf(to)];
  return Object.entries(then)
    .filter(([decorator, required]) =>
      required.some((one) => !now[decorator as keyof typeof now].includes(one)),
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
