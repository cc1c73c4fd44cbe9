import { scopeTokenProblem } from './scope-token.js';

/**
 * The scopes of OpenID Connect Core (sections 3.1.2.1, 5.4 and 11). They belong to the authorization server, so
 * they have the same name for every resource.
 */
const OPENID_SCOPES: ReadonlySet<string> = new Set([
  'openid',
  'profile',
  'email',
  'address',
  'phone',
  'offline_access',
]);

/** Returns the name under which clients request a scope from the authorization server. */
export function requestedName(scope: string, prefix: string): string {
  return OPENID_SCOPES.has(scope) ? scope : `${prefix}${scope}`;
}

/** Returns the names under which clients request scopes from the authorization server. */
export function requestedNames(scopes: readonly string[], prefix: string): readonly string[] {
  return prefix === '' ? scopes : scopes.map((scope) => requestedName(scope, prefix));
}

/** Returns what is wrong with a value that must be a prefix. The prefix and a scope together must be a scope. */
export function scopePrefixProblem(value: unknown): string | undefined {
  if (typeof value !== 'string' || scopeTokenProblem(value) !== undefined) {
    return 'must be printable ASCII without a space, a double quote or a backslash, such as "api://notes/"';
  }
  return /[A-Za-z0-9]$/.test(value)
    ? `must end with a separator, such as "${value}/": clients would request the scope "read" as "${value}read"`
    : undefined;
}
