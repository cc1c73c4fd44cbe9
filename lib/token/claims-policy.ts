/** All that an authorization server says of a token: the claims of a JWT, or an introspection response. */
export type Claims = Readonly<Record<string, unknown>>;

/**
 * Where a value stands among the claims: under a name (`'permissions'`, also one with dots or slashes),
 * at a path of member names (`['realm_access', 'roles']`), or as a function finds it.
 *
 * A function gets claims that are verified, and answers at once, with `undefined` where there is none.
 * It may throw an {@link InvalidTokenError} to refuse the token. Any other error, and a result of
 * another type, is a fault of the application and becomes 500.
 */
export type ClaimSource<T> = string | readonly string[] | ((claims: Claims) => T | undefined);

/** How a resource reads the claims of an issuer's tokens; what is left out, by the standards' names. */
export interface ClaimsPolicy {
  /** What the token allows: scopes between spaces, or an array of them. */
  readonly scopes?: ClaimSource<string | readonly string[]>;
  /** The OAuth client that presents the token. */
  readonly clientId?: ClaimSource<string>;
  /** Who the token speaks for. */
  readonly subject?: ClaimSource<string>;
  /** The recipients that the token is meant for. */
  readonly audience?: ClaimSource<string | readonly string[]>;
}
