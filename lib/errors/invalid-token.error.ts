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
  possession: 'The access token is bound to a key, which the request does not prove possession of.',
  transport:
    'The access token is bound to a key; possession of it can be proved by HTTP requests only.',
  unbound: 'The access token is not bound to a key by DPoP.',
  revoked: 'The access token was revoked.',
  rejected: 'The access token is not valid.',
} as const;

/** Why an access token was refused; for logs and tests, and fit to be told to the client. */
export type InvalidTokenReason = keyof typeof descriptions;

/** What an {@link InvalidTokenError} can be given besides its reason. */
export interface InvalidTokenErrorOptions extends ErrorOptions {
  /** Logged at the level `debug`, and never told to the client. */
  mismatch?: TokenMismatch;
}

/**
 * The access token is not valid: malformed, forged, expired, or not meant for this resource.
 *
 * A {@link TokenVerifier} throws it; the guard answers it with 401 and `error="invalid_token"`
 * (RFC 6750, section 3.1). The message depends on the reason alone and never on the token.
 */
export class InvalidTokenError extends RejectionError {
  readonly code = 'invalid_token';
  /**
   * What the check expected, and what the token has, where that can be said. It is for the operator, never
   * for the client: it holds what the token says of its issuer, audience, type, client and scopes.
   */
  readonly mismatch?: TokenMismatch;

  constructor(
    /** Which check refused the token. */
    readonly reason: InvalidTokenReason = 'rejected',
    { mismatch, ...options }: InvalidTokenErrorOptions = {},
  ) {
    super(descriptions[reason], options);
    if (mismatch !== undefined) {
      this.mismatch = mismatch;
    }
  }
}
