import { declaredMcpEndpoint } from '../decorators/mcp-endpoint.decorator.js';
import { classAccess, methodAccess, type Access } from '../decorators/access.decorator.js';
import { classConditions, methodConditions, type Condition } from '../decorators/condition.js';
import type { Handler } from '../handler/handler.js';
import {
  classScopes,
  methodScopes,
  type RequiredScopes,
} from '../decorators/require-scopes.decorator.js';
import { classResource, methodResource } from '../decorators/resource.decorator.js';

/** Returns `true` if a decorator on the handler or on its class makes a token required or optional. */
export function isMarked(handler: Handler): boolean {
  return accessOf(handler) === 'optional' || protectingDecoratorsOf(handler).length > 0;
}

export function isPublic(handler: Handler): boolean {
  return accessOf(handler) === 'public';
}

/** Returns the names of the decorators, on the handler or on its class, that only a guard can enforce. */
export function protectingDecoratorsOf(handler: Handler): string[] {
  const { controller } = handler;
  return [
    ...new Set([
      ...protectingDecoratorsOfMethod(handler),
      ...scopesIn(classScopes(controller)),
      ...decoratorsOf(classConditions(controller)),
      ...(classResource(controller) === undefined ? [] : ['@Resource()']),
    ]),
  ];
}

/**
 * Returns the names of the decorators that only a guard can enforce, on the method itself or on a method that it
 * overrides.
 */
export function protectingDecoratorsOfMethod({ controller, method }: Handler): string[] {
  return [
    ...scopesIn(methodScopes(controller, method)),
    ...decoratorsOf(methodConditions(controller, method)),
    ...(methodResource(controller, method) === undefined ? [] : ['@Resource()']),
    ...(declaredMcpEndpoint(controller, method) === undefined ? [] : ['@McpEndpoint()']),
  ];
}

function accessOf({ controller, method }: Handler): Access | undefined {
  return methodAccess(controller, method) ?? classAccess(controller);
}

function scopesIn({ fixed, computed }: RequiredScopes): string[] {
  return fixed.length + computed.length > 0 ? ['@RequireScopes()'] : [];
}

function decoratorsOf(conditions: readonly Condition[]): string[] {
  return conditions.map(({ decorator }) => decorator);
}
