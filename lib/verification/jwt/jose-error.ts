import { InvalidAuthorizationServerMetadataError } from '../../errors/authorization-server.error.js';
import { errors } from 'jose';
import { McpAuthError } from '../../errors/mcp-auth.error.js';
import { InvalidTokenError } from '../../errors/invalid-token.error.js';

/**
 * Turns an error of the verification into one of this library, if it is not one already. An error of jose
 * blames the token. An error of the platform's cryptography blames the key that the authorization server
 * published.
 *
 * @param algorithms - those that are accepted
 */
export function toVerificationError(error: unknown, algorithms: readonly string[]): Error {
  if (error instanceof McpAuthError) {
    return error;
  }
  return error instanceof errors.JOSEError
    ? invalidToken(error, algorithms)
    : new InvalidAuthorizationServerMetadataError(
        'A key of the authorization server cannot be used to verify a signature.',
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
