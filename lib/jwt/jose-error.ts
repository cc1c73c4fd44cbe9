import { errors } from 'jose';
import { AuthorizationServerError } from '../errors/authorization-server.error.js';
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
 * jose's refusal as an {@link InvalidTokenError}; an error of the authorization server as it is.
 *
 * jose's own error is not kept as the cause: it holds the claims, which belong in no log.
 */
export function toInvalidTokenError(error: unknown): Error {
  if (error instanceof InvalidTokenError || error instanceof AuthorizationServerError) {
    return error;
  }
  return new InvalidTokenError(reasonOf(error));
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
