import type { ReadToken } from './claim-checks.js';
import type { TokenVerificationContext } from './token-verifier.js';

/** A token that is genuine, and how long that holds. Its claims are not checked yet. */
export interface Verification extends ReadToken {
  /** Returns whether that on which it was accepted is still there, such as the key that it was signed with. */
  readonly stillHolds?: () => boolean;
  /** The most milliseconds that it may be cached for, 0 for not at all; without it as the options say. */
  readonly maxAge?: number;
  /** The characters that it takes to cache it; without it those of the token. */
  readonly size?: number;
}

/** A kind of access token. {@link TOKEN_KINDS} has them all, and the first that a token is of verifies it. */
export interface TokenKind {
  /** Returns whether a token that is presented to this resource is of this kind. */
  isFor(token: string, context: TokenVerificationContext): boolean | Promise<boolean>;
  /**
   * Returns what a token says, if it is genuine. Its claims are checked afterwards, for all kinds alike.
   *
   * @throws InvalidTokenError if it is not genuine
   * @throws AuthorizationServerError if that cannot be told
   */
  examine(token: string, context: TokenVerificationContext): Promise<Verification>;
}

/** The injection token of the kinds of access tokens, in the order in which they are asked. */
export const TOKEN_KINDS = Symbol('TOKEN_KINDS');
