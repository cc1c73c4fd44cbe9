import { RejectionError } from './rejection.error.js';
import type { TokenMismatch } from './token-mismatch.js';

const descriptions = {
  malformed: 'The access token is malformed.',
  algorithm: 'The access token is signed with an algorithm that is not accepted.',
  type: 'The access token is of a type that is not accepted.',
  issuer: 'The access token was issued by an authorization server that is not trusted.',
  signature: 'The signature of the access token could not be verified.',
  expired: 'The access token expired.',
  not_yet_valid: 'The access token is not valid yet.',
  too_old: 'The access token was issued too long ago.',
  audience: 'The access token is not meant for this resource.',
  claim: 'A claim of the access token is missing or malformed.',
  confirmation: 'The access token is bound in a way that this resource cannot check.',
  possession:
    'The access token is bound to a key, but the request does not prove possession of it.',
  transport:
    'The access token is bound to a key, and only HTTP requests can prove possession of it.',
  unbound: 'The access token is not bound to a key by DPoP.',
  revoked: 'The access token was revoked.',
  rejected: 'The access token is not valid.',
} as const;

/** The reason why an access token was rejected. It is for logs and tests, and safe to send to the client. */
export type InvalidTokenReason = keyof typeof descriptions;

/** The options of an {@link InvalidTokenError}. */
export interface InvalidTokenErrorOptions extends ErrorOptions {
  /** The expected and the received value. It is logged at the level `debug`, and never sent to the client. */
  mismatch?: TokenMismatch;
}

/**
 * An error for an access token that is not valid, because it is for example malformed, forged, expired, revoked,
 * or not meant for this resource.
 *
 * Every {@link TokenVerifier} may throw it, including your own. The guard answers it with 401 and
 * `error="invalid_token"` (RFC 6750, section 3.1). The message depends only on the reason, and never on the
 * token.
 */
export class InvalidTokenError extends RejectionError {
  readonly code = 'invalid_token';
  /**
   * The expected value and the value in the token, if the failed check compares values. It may contain the
   * issuer, audience, type, client and scopes of the token. It is for the operator: do **not** send it to
   * the client.
   */
  readonly mismatch?: TokenMismatch;

  constructor(
    /** The check that failed. */
    readonly reason: InvalidTokenReason = 'rejected',
    { mismatch, ...options }: InvalidTokenErrorOptions = {},
  ) {
    super(descriptions[reason], options);
    if (mismatch !== undefined) {
      this.mismatch = mismatch;
    }
  }
}
