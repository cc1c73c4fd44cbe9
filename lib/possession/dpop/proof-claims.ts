import { createHash } from 'node:crypto';
import { EmbeddedJWK, errors, jwtVerify, type JWTPayload } from 'jose';
import {
  InvalidDpopProofError,
  type InvalidDpopProofReason,
} from '../../errors/dpop-proof.error.js';
import { mismatch } from '../../errors/token-mismatch.js';
import { normalizedHttpUri } from '../../url/http-uri.js';
import type { DpopPolicy } from './dpop-policy.js';

/** The request for which a proof must be made. */
export interface ProvenRequest {
  readonly method: string;
  /**
   * The URIs of the request as the client may see them, normalized. `undefined` stands for a URI that
   * no proof can name.
   */
  readonly uris: readonly (string | undefined)[];
  readonly token: string;
}

/** A payload with the claims that every proof must have (RFC 9449, section 4.2). */
export interface ProofClaims extends JWTPayload {
  jti: string;
  iat: number;
  htm: string;
  htu: string;
}

/**
 * Verifies the signature of a proof with the key in its header, and returns its payload.
 *
 * @throws InvalidDpopProofError if the signature is not valid, or a claim is missing or has the wrong type
 */
export async function verifiedClaims(
  proof: string,
  { algorithms, proofLifetime }: DpopPolicy,
): Promise<ProofClaims> {
  const options = { algorithms: [...algorithms], clockTolerance: proofLifetime };
  const { payload } = await jwtVerify(proof, EmbeddedJWK, options).catch((error: unknown) => {
    throw new InvalidDpopProofError(reasonOf(error));
  });
  if (!isComplete(payload)) {
    throw new InvalidDpopProofError('malformed');
  }
  return payload;
}

/** @throws InvalidDpopProofError if the proof was made for another request or token, or at another time */
export function assertMadeFor(
  { method, uris, token }: ProvenRequest,
  claims: ProofClaims,
  { proofLifetime }: DpopPolicy,
): void {
  if (claims.htm !== method) {
    throw new InvalidDpopProofError('method', { mismatch: mismatch('htm', claims.htm, [method]) });
  }
  const htu = normalizedHttpUri(claims.htu);
  if (htu === undefined || !uris.includes(htu)) {
    const expected = uris.filter((uri) => uri !== undefined);
    throw new InvalidDpopProofError('uri', { mismatch: mismatch('htu', claims.htu, expected) });
  }
  if (!(Math.abs(Date.now() / 1000 - claims.iat) <= proofLifetime)) {
    throw new InvalidDpopProofError('time');
  }
  if (claims.ath !== createHash('sha256').update(token).digest('base64url')) {
    throw new InvalidDpopProofError('token');
  }
}

function isComplete(payload: JWTPayload): payload is ProofClaims {
  const { jti, iat, htm, htu } = payload;
  const isText = [jti, htm, htu].every((claim) => typeof claim === 'string' && claim !== '');
  return isText && typeof iat === 'number';
}

/**
 * Returns the reason for an error of `jwtVerify`. `JWKInvalid`, and any error that is not from jose, means a bad key.
 */
function reasonOf(error: unknown): InvalidDpopProofReason {
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return 'signature';
  }
  if (error instanceof errors.JWTExpired) {
    return 'time';
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    return error.reason === 'check_failed' ? 'time' : 'malformed';
  }
  return error instanceof errors.JWKInvalid || !(error instanceof errors.JOSEError)
    ? 'key'
    : 'malformed';
}
