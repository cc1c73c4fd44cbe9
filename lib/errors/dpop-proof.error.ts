import { RejectionError } from './rejection.error.js';
import type { TokenMismatch } from './token-mismatch.js';

const descriptions = {
  missing: 'The request holds no DPoP proof.',
  several: 'The request holds more than one DPoP proof.',
  malformed: 'The DPoP proof is malformed, or a claim of it is missing.',
  type: 'The DPoP proof is not of the type dpop+jwt.',
  algorithm: 'The DPoP proof is signed with an algorithm that is not accepted.',
  key: 'The DPoP proof does not hold a public key alone.',
  signature: 'The signature of the DPoP proof could not be verified.',
  method: 'The DPoP proof was made for another HTTP method.',
  uri: 'The DPoP proof was made for another URI.',
  time: 'The DPoP proof was made too long ago, or the clock of the client is wrong.',
  token: 'The DPoP proof was made for another access token.',
  replayed: 'The DPoP proof was used before.',
} as const;

/** Why a DPoP proof was refused; for logs and tests, and fit to be told to the client. */
export type InvalidDpopProofReason = keyof typeof descriptions;

/**
 * The DPoP proof of a request is missing, or one of the checks of RFC 9449, section 4.3, failed.
 *
 * The guard answers it with 401 and `error="invalid_dpop_proof"`. The message depends on the reason
 * alone and never on the proof.
 */
export class InvalidDpopProofError extends RejectionError {
  readonly code = 'invalid_dpop_proof';
  /**
   * The URIs or the method that the check expected, and those of the proof: for the operator, never for the
   * client. Only with the reasons `uri` and `method`.
   */
  readonly mismatch?: TokenMismatch;

  constructor(
    /** Which check refused the proof. */
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
 * The DPoP proof of a request holds no nonce of this resource, or one that is too old. The guard
 * answers it with 401, `error="use_dpop_nonce"` and a nonce (RFC 9449, section 9).
 */
export class DpopNonceRequiredError extends RejectionError {
  readonly code = 'use_dpop_nonce';

  constructor(
    /** The nonce to use; sent as `DPoP-Nonce`. */
    readonly nonce: string,
  ) {
    super('The DPoP proof must hold the nonce that this answer gives.');
  }
}
