import { effectiveScopes } from '../scope/scope-hierarchy.js';
import { acceptingResource } from './accepting-resource.js';
import type { AuthInfo } from './auth-info.js';
import { hiddenMember } from './hidden-member.js';

const NOTHING: ReadonlySet<string> = new Set();

const known = hiddenMember<ReadonlySet<string>>();

/**
 * What a caller may do at the resource that accepted its token: the token's scopes, and those that they
 * imply there. Worked out once for each caller; an anonymous one may do nothing.
 */
export function grantedScopes(caller: AuthInfo | undefined): ReadonlySet<string> {
  return caller === undefined ? NOTHING : (known.get(caller) ?? workOut(caller));
}

function workOut(caller: AuthInfo): ReadonlySet<string> {
  const hierarchy = acceptingResource(caller)?.scopeHierarchy ?? new Map<string, never>();
  const granted = effectiveScopes(caller.scopes, hierarchy);
  known.set(caller, granted);
  return granted;
}
