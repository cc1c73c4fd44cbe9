import { effectiveScopes } from '../scope/scope-hierarchy.js';
import { acceptingResource } from './accepting-resource.js';
import type { AuthInfo } from './auth-info.js';

const NONE: ReadonlySet<string> = new Set();
const known = new WeakMap<AuthInfo, ReadonlySet<string>>();

/**
 * What a caller may do at the resource that accepted its token: the token's scopes, and those that they
 * imply there. Worked out once for each caller; an anonymous one may do nothing.
 */
export function grantedScopes(caller: AuthInfo | undefined): ReadonlySet<string> {
  if (caller === undefined) {
    return NONE;
  }
  const granted = known.get(caller) ?? workOut(caller);
  known.set(caller, granted);
  return granted;
}

function workOut(caller: AuthInfo): ReadonlySet<string> {
  return effectiveScopes(caller.scopes, acceptingResource(caller)?.scopeHierarchy ?? new Map());
}
