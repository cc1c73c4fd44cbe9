import { effectiveScopes, type ScopeHierarchy } from '../scope/scope-hierarchy.js';
import { acceptingResource } from './accepting-resource.js';
import type { AuthInfo } from './auth-info.js';
import { hiddenMember } from './hidden-member.js';

const known = hiddenMember<readonly string[]>();

/**
 * What a caller may do at the resource that accepted its token: the token's scopes, and those that they
 * imply there. Worked out once for each caller; an anonymous one may do nothing.
 */
export function grantedScopes(caller: AuthInfo | undefined): readonly string[] {
  if (caller === undefined) {
    return [];
  }
  const hierarchy = acceptingResource(caller)?.scopeHierarchy;
  return hierarchy === undefined || hierarchy.size === 0
    ? caller.scopes
    : (known.get(caller) ?? workOut(caller, hierarchy));
}

function workOut(caller: AuthInfo, hierarchy: ScopeHierarchy): readonly string[] {
  const granted = effectiveScopes(caller.scopes, hierarchy);
  known.set(caller, granted);
  return granted;
}
