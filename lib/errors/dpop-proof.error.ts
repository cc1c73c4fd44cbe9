import { RejectionError } from './rejection.error.js';
import type { TokenMismatch } from './token-mismatch.js';

const descriptions = {
  missing: 'The request has no DPoP proof.',
  several: 'The request has more than one DPoP proof.',
  malformed: 'The DPoP proof is malformed, or a claim of it is missing.',
  type: 'The DPoP proof is not of the type dpop+jwt.',
  algorithm: 'The DPoP proof is signed with an algorithm that is not accepted.',
  key: 'The DPoP proof must contain a public key, and no private key.',
  signature: 'The signature of the DPoP proof could not be verified.',
  method: 'The DPoP proof was made for another HTTP method.',
  uri: 'The DPoP proof was made for another URI.',
  time: 'The DPoP proof was made too long ago, or the clock of the client is wrong.',
  token: 'The DPoP proof was made for another access token.',
  replayed: 'The DPoP proof was used before.',
} as const;

/** The reason why a DPoP proof was rejected. It is for logs and tests, and safe to send to the client. */
export type InvalidDpopProofReason = keyof typeof descriptions;

/**
 * An error for a request whose DPoP proof is missing or failed one of the checks of RFC 9449, section 4.3.
 *
 * The guard answers it with 401 and `error="invalid_dpop_proof"`. The message depends only on the reason, and
 * never on the proof.
 */
export class InvalidDpopProofError extends RejectionError {
  readonly code = 'invalid_dpop_proof';
  /**
   * The expected and the received URI or HTTP method. Set only for the reasons `uri` and `method`. It is for
   * the operator: do **not** send it to the client.
   */
  readonly mismatch?: TokenMismatch;

  constructor(
    /** The check that failed. */
    readonly reason: InvalidDpopProofReason,
    { mismatch }: { mismatch?: TokenMismatch } = {},
  ) {
    super(descriptions[reason]);
    if (mismatch !== undefined) {
      this.mismatch = mismatch;
    }
  }
}

/**
 * An error for a DPoP proof without a nonce of this resource, or with a nonce that is too old. The guard
 * answers it with 401, `error="use_dpop_nonce"` and a nonce (RFC 9449, section 9).
 */
export class DpopNonceRequiredError extends RejectionError {
  readonly code = 'use_dpop_nonce';

  constructor(
    /** The nonce to use; sent as `DPoP-Nonce`. */
    readonly nonce: string,
  ) {
    super('The DPoP proof must contain the nonce of this response.');
  }
}
