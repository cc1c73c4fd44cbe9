import { InvalidTokenError } from '../../errors/invalid-token.error.js';
import { mismatch } from '../../errors/token-mismatch.js';
import type { TokenVerificationContext } from '../../token/token-verifier.js';
import { unverifiedClaims } from '../../token/read-unverified.js';

/**
 * Returns the trusted issuer that a token names. This may be a lie: the signature is not verified yet.
 *
 * @throws InvalidTokenError if the token names no trusted issuer, or cannot be read
 */
export function namedIssuer(
  token: string,
  { issuers }: Pick<TokenVerificationContext, 'issuers'>,
): string {
  const claims = unverifiedClaims(token);
  if (claims === undefined) {
    throw new InvalidTokenError('malformed');
  }
  const trusted = issuers.find((issuer) => issuer === claims.iss);
  if (trusted === undefined) {
    throw new InvalidTokenError('issuer', { mismatch: mismatch('iss', claims.iss, issuers) });
  }
  return trusted;
}
