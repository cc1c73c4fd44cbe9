import { InvalidTokenError } from '../../errors/invalid-token.error.js';
import { mismatch } from '../../errors/token-mismatch.js';
import type { Claims } from '../../token/claims-policy.js';

/** The values by which providers mark an access token, if they mark it. */
const TYPES = ['bearer', 'dpop', 'access', 'access_token'];

/**
 * Checks that an active token is an access token.
 *
 * A refresh token is active too (RFC 7662, section 2.2). Without this check, its holder could use it as an
 * access token.
 *
 * @throws InvalidTokenError if it is another kind of token, or a DPoP token that names no key
 */
export function assertAccessToken(claims: Claims): void {
  const { token_type: type, token_use: use, cnf } = claims;
  for (const [claim, value] of Object.entries({ token_type: type, token_use: use })) {
    if (!isAccessTokenType(value)) {
      throw new InvalidTokenError('type', { mismatch: mismatch(claim, value, TYPES) });
    }
  }
  // RFC 9449, section 6.2: without the key that the token is bound to, possession cannot be proved.
  if (String(type).toLowerCase() === 'dpop' && cnf === undefined) {
    throw new InvalidTokenError('confirmation', { mismatch: mismatch('cnf', cnf) });
  }
}

function isAccessTokenType(type: unknown): type is string | undefined {
  return type === undefined || (typeof type === 'string' && TYPES.includes(type.toLowerCase()));
}
