/** The claims of a token: those of a JWT, or an introspection response. */
export type Claims = Readonly<Record<string, unknown>>;

/**
 * The place of a value among the claims: a name (`'permissions'`), a path of member names
 * (`['realm_access', 'roles']`), or a function that finds the value. A name may contain dots or slashes.
 *
 * A function gets the claims of a genuine token, before they are checked. It must be synchronous, and return
 * `undefined` if there is no value. It may throw an {@link InvalidTokenError} to reject the token. Any other
 * error, and a result of another type, is a fault of the application and becomes 500.
 */
export type ClaimSource<T> = string | readonly string[] | ((claims: Claims) => T | undefined);

/**
 * The rules by which a resource reads the claims of an issuer's tokens. Without a rule, the usual
 * claims are read: `scope`, `scp` or `scopes` for the scopes, `client_id`, `azp` or `cid` for the client,
 * `sub` for the subject, and `aud` for the audience.
 */
export interface ClaimsPolicy {
  /** The scopes of the token: a string with spaces between them, or an array. */
  readonly scopes?: ClaimSource<string | readonly string[]>;
  /** The OAuth client that presents the token. */
  readonly clientId?: ClaimSource<string>;
  /** The user or client that the token represents. */
  readonly subject?: ClaimSource<string>;
  /** The recipients that the token is meant for. */
  readonly audience?: ClaimSource<string | readonly string[]>;
}
