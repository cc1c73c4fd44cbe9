import { getOrMake } from '../cache/get-or-make.js';
import { nameOf } from '../handler/handler.js';
import type { PreparedPolicy } from '../policy/access-policy-registry.js';
import { namedScopes } from '../policy/named-scopes.js';
import type { ProtectedResource } from '../protected-resource/protected-resource.js';

/** The names of the handlers that require each scope. */
export type HandlersByScope = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Returns the scopes that the handlers of each resource require, their MCP operations included. Of `anyOf` it
 * lists all alternatives. Scopes that a function computes are not known at start-up.
 */
export function requiredScopes(
  prepared: readonly PreparedPolicy[],
): ReadonlyMap<ProtectedResource, HandlersByScope> {
  const required = new Map<ProtectedResource, Map<string, Set<string>>>();
  for (const { handler, policy } of prepared) {
    if (policy !== 'public') {
      const ofResource = getOrMake(required, policy.resource, () => new Map<string, Set<string>>());
      for (const scope of namedScopes(policy)) {
        getOrMake(ofResource, scope, () => new Set<string>()).add(nameOf(handler));
      }
    }
  }
  return required;
}
