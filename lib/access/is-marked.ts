import { declaredMcpEndpoint } from '../mcp/mcp-endpoint.decorator.js';
import { capabilityOf } from '../mcp-nest/mcp-nest-capability.js';
import { classAccess, methodAccess, type Access } from './access.decorator.js';
import { classConditions, methodConditions, type Condition } from './condition.js';
import type { Handler } from './handler.js';
import { classScopes, methodScopes, type RequiredScopes } from './require-scopes.decorator.js';
import { declaredResource } from './resource.decorator.js';

/**
 * Whether a decorator on the handler, or on its class, says that a token is of interest. What MCP-Nest
 * serves is asked for one at the HTTP controller already, before it becomes a message.
 */
export function isMarked(handler: Handler): boolean {
  const isCapability = capabilityOf(handler.controller, handler.method) !== undefined;
  return !isCapability && (accessOf(handler) === 'optional' || demandsOf(handler).length > 0);
}

export function isPublic(handler: Handler): boolean {
  return accessOf(handler) === 'public';
}

/** Returns the decorators, on the handler or on its class, that only a guard can enforce. */
export function demandsOf({ controller, method }: Handler): string[] {
  return [
    ...new Set([
      ...scopesIn(classScopes(controller)),
      ...scopesIn(methodScopes(controller, method)),
      ...decoratorsOf([...classConditions(controller), ...methodConditions(controller, method)]),
      ...(declaredResource(controller, method) === undefined ? [] : ['@Resource()']),
      ...(declaredMcpEndpoint(controller, method) === undefined ? [] : ['@McpEndpoint()']),
    ]),
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
