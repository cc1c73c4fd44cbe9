import { requestedName, requestedNames } from './scope-prefix.js';

/** The part of a protected resource that decides which scopes a challenge names. */
export interface ChallengingResource {
  readonly scopePrefix: string;
  /**
   * The scopes that a challenge also names if the token has them. `undefined` if a challenge names only the required
   * scopes.
   */
  readonly relatedScopes: ReadonlySet<string> | undefined;
}

/** The greatest number of scopes that a challenge names only because the token has them. */
const MAX_RELATED = 50;

/**
 * The greatest length of the scopes in a challenge, unless the scopes that the operation requires are longer. Proxies
 * limit the header of a response, often to 4 KB, and with DPoP there are two challenges.
 */
const MAX_LENGTH = 1500;

/**
 * Returns the scopes for the challenge to a caller that lacks scopes, under the names that clients request. First come
 * all scopes that the operation requires. If the resource has `relatedScopes`, those that the token has follow.
 */
export function challengedScopes(
  required: readonly string[],
  granted: readonly string[],
  { scopePrefix, relatedScopes }: ChallengingResource,
): readonly string[] {
  const names = requestedNames(required, scopePrefix);
  if (relatedScopes === undefined) {
    return names;
  }
  const related = [...new Set(granted)].filter(
    (scope) => relatedScopes.has(scope) && !required.includes(scope),
  );
  const more = related.slice(0, MAX_RELATED).map((scope) => requestedName(scope, scopePrefix));
  return [...names, ...fitting(more, MAX_LENGTH - names.join(' ').length)];
}

/** Returns the first names, as many as fit. Each name also needs room for a space before it. */
function fitting(names: readonly string[], room: number): readonly string[] {
  let length = 0;
  return names.filter((name) => (length += name.length + 1) <= room);
}
