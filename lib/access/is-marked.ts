import { declaredMcpEndpoint } from '../mcp/mcp-endpoint.decorator.js';
import { capabilityOf } from '../mcp-nest/mcp-nest-capability.js';
import { classAccess, methodAccess, type Access } from './access.decorator.js';
import { classConditions, methodConditions } from './condition.js';
import type { Handler } from './handler.js';
import { classScopes, methodScopes, type RequiredScopes } from './require-scopes.decorator.js';
import { declaredResource } from './resource.decorator.js';

/**
 * Whether a decorator on the handler, or on its class, says that a token is of interest. What MCP-Nest
 * serves is asked for one at the HTTP controller already, before it becomes a message.
 */
export function isMarked({ controller, method }: Handler): boolean {
  if (capabilityOf(controller, method) !== undefined) {
    return false;
  }
  return (
    accessOf({ controller, method }) === 'optional' ||
    declaredResource(controller, method) !== undefined ||
    declaredMcpEndpoint(controller, method) !== undefined ||
    [classScopes(controller), methodScopes(controller, method)].some(isSome) ||
    classConditions(controller).length + methodConditions(controller, method).length > 0
  );
}

export function isPublic(handler: Handler): boolean {
  return accessOf(handler) === 'public';
}

/** The decorators by which the method itself asks for more than a token. */
export function demandsOf({ controller, method }: Handler): string[] {
  const scopes = isSome(methodScopes(controller, method)) ? ['@RequireScopes()'] : [];
  const conditions = methodConditions(controller, method).map(({ decorator }) => decorator);
  return [...new Set([...scopes, ...conditions])];
}

function accessOf({ controller, method }: Handler): Access | undefined {
  return methodAccess(controller, method) ?? classAccess(controller);
}

function isSome({ fixed, computed }: RequiredScopes): boolean {
  return fixed.length + computed.length > 0;
}
