import { InvalidAuthorizationServerMetadataError } from '../../errors/authorization-server.error.js';
import { errors } from 'jose';
import { McpAuthError } from '../../errors/mcp-auth.error.js';
import { InvalidTokenError } from '../../errors/invalid-token.error.js';

/**
 * What went wrong with a token, in our terms, if it is not already: jose finds fault with the token, the
 * platform's cryptography below it with the key that the authorization server published.
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
