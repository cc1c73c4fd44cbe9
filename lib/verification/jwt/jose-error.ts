import { InvalidAuthorizationServerMetadataError } from '../../errors/authorization-server.error.js';
import { errors } from 'jose';
import { McpAuthError } from '../../errors/mcp-auth.error.js';
import { InvalidTokenError } from '../../errors/invalid-token.error.js';

/**
 * Turns an error of the verification into an error of this library. An error of this library stays as it is. An error
 * of jose means that the token is bad. Any other error is taken for an error of the platform's cryptography, so the key
 * that the authorization server published counts as bad.
 *
 * @param algorithms - the accepted algorithms
 */
export function toVerificationError(error: unknown, algorithms: readonly string[]): Error {
  if (error instanceof McpAuthError) {
    return error;
  }
  return error instanceof errors.JOSEError
    ? invalidToken(error, algorithms)
    : new InvalidAuthorizationServerMetadataError(
        'A key of the authorization server cannot be used to verify a signature.',
        { cause: error },
      );
}

function invalidToken(error: errors.JOSEError, algorithms: readonly string[]): InvalidTokenError {
  if (error instanceof errors.JWSInvalid) {
    return new InvalidTokenError('malformed');
  }
  return error instanceof errors.JOSEAlgNotAllowed
    ? new InvalidTokenError('algorithm', {
        mismatch: { claim: 'alg', problem: 'unexpected', expected: algorithms },
      })
    : new InvalidTokenError('signature');
}
