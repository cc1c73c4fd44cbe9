import type { ReadToken } from './claim-checks.js';
import type { TokenVerificationContext } from './token-verifier.js';

/** A genuine token, and how long it may be cached. Its claims are not checked yet. */
export interface Verification extends ReadToken {
  /** Returns whether the basis of the acceptance, such as the signing key, is still valid. */
  readonly stillHolds?: () => boolean;
  /**
   * The greatest number of milliseconds for which the token may be cached. 0 means that it must not be cached. Default:
   * the `tokenCache.ttl` of the options.
   */
  readonly maxAge?: number;
  /** The number of characters that the cache entry takes. Default: the length of the token. */
  readonly size?: number;
}

/** A kind of access token. {@link TOKEN_KINDS} lists all. The first kind that fits a token verifies it. */
export interface TokenKind {
  /** Returns whether a token that is presented to this resource is of this kind. */
  isFor(token: string, context: TokenVerificationContext): boolean | Promise<boolean>;
  /**
   * Returns the content of a genuine token. Its claims are checked afterwards, in the same way for all
   * kinds.
   *
   * @throws InvalidTokenError if the token is not genuine
   * @throws AuthorizationServerError if that cannot be determined
   */
  examine(token: string, context: TokenVerificationContext): Promise<Verification>;
}

/** The injection token of the kinds of access tokens, in the order in which they are asked. */
export const TOKEN_KINDS = Symbol('TOKEN_KINDS');
