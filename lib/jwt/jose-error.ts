import { InvalidAuthorizationServerMetadataError } from '../errors/authorization-server.error.js';
import { errors } from 'jose';
import { McpAuthError } from '../errors/mcp-auth.error.js';
import { withoutStackTraces } from '../errors/stack-traces.js';
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
 * What went wrong with a token, in our terms, if it is not already: jose finds fault with the token, the
 * platform's cryptography below it with the key that the authorization server published.
 *
 * The original is not kept as the cause: it holds the claims, which belong in no log.
 */
export function toVerificationError(error: unknown): Error {
  if (error instanceof McpAuthError) {
    return error;
  }
  return error instanceof errors.JOSEError
    ? withoutStackTraces(() => new InvalidTokenError(reasonOf(error)))
    : new InvalidAuthorizationServerMetadataError(
        'A key of the authorization server cannot be used to verify a signature.',
      );
}

function reasonOf(error: errors.JOSEError): InvalidTokenReason {
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
