import { errors } from 'jose';
import { InvalidTokenError, type InvalidTokenReason } from '../errors/invalid-token.error.js';

/** What jose's word about a claim means to us. */
const CLAIM_REASONS: Record<string, InvalidTokenReason> = {
  iss: 'issuer',
  aud: 'audience',
  exp: 'expired',
  nbf: 'not_yet_valid',
  iat: 'not_yet_valid',
};

/**
 * What jose, or the platform's cryptography below it, says of a token, as an {@link InvalidTokenError}.
 *
 * The original is not kept as the cause: it holds the claims, which belong in no log.
 */
export function toInvalidTokenError(error: unknown): InvalidTokenError {
  return error instanceof InvalidTokenError ? error : new InvalidTokenError(reasonOf(error));
}

function reasonOf(error: unknown): InvalidTokenReason {
  if (error instanceof errors.JWTExpired) {
    return error.claim === 'iat' ? 'too_old' : 'expired';
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    // A claim that is missing or of another type has not been compared with anything.
    return error.reason === 'check_failed' ? (CLAIM_REASONS[error.claim] ?? 'claim') : 'claim';
  }
  if (error instanceof errors.JWTInvalid || error instanceof errors.JWSInvalid) {
    return 'malformed';
  }
  return error instanceof errors.JOSEAlgNotAllowed ? 'algorithm' : 'signature';
}
