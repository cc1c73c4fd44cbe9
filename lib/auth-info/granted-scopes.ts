import { effectiveScopes } from '../scope/scope-hierarchy.js';
import type { AuthInfo } from './auth-info.js';
import { acceptingResource, oncePerCaller } from './caller-internals.js';

const NO_SCOPES: ReadonlySet<string> = new Set();

const scopesOf = oncePerCaller((caller): ReadonlySet<string> => {
  const hierarchy = acceptingResource(caller)?.scopeHierarchy ?? new Map<string, never>();
  return effectiveScopes(caller.scopes, hierarchy);
});

/**
 * Returns the scopes of a caller at the resource that accepted its token: the scopes of the token, and the
 * scopes that these imply at that resource. They are computed once for each caller. An anonymous caller has
 * no scopes.
 */
export function grantedScopes(caller: AuthInfo | undefined): ReadonlySet<string> {
  return caller === undefined ? NO_SCOPES : scopesOf(caller);
}
