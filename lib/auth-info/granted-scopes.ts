import { effectiveScopes } from '../scope/scope-hierarchy.js';
import type { AuthInfo } from './auth-info.js';
import { acceptingResource, oncePerCaller } from './caller-internals.js';

const NOTHING: ReadonlySet<string> = new Set();

const scopesOf = oncePerCaller((caller): ReadonlySet<string> => {
  const hierarchy = acceptingResource(caller)?.scopeHierarchy ?? new Map<string, never>();
  return effectiveScopes(caller.scopes, hierarchy);
});

/**
 * What a caller may do at the resource that accepted its token: the token's scopes, and those that they
 * imply there. Worked out once for each caller; an anonymous one may do nothing.
 */
export function grantedScopes(caller: AuthInfo | undefined): ReadonlySet<string> {
  return caller === undefined ? NOTHING : scopesOf(caller);
}
