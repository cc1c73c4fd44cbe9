import { InvalidTokenError } from '../../errors/invalid-token.error.js';
import { mismatch } from '../../errors/token-mismatch.js';
import type { Claims } from '../../token/claims-policy.js';

/** How providers say that a token is an access token, where they say it. */
const TYPES = ['bearer', 'dpop', 'access', 'access_token'];

/**
 * Checks that what an authorization server calls active is an access token.
 *
 * A refresh token is active too (RFC 7662, section 2.2), and whoever has one could present it here.
 *
 * @throws InvalidTokenError
 */
export function assertAccessToken(claims: Claims): void {
  const { token_type: type, token_use: use, cnf } = claims;
  for (const [claim, value] of Object.entries({ token_type: type, token_use: use })) {
    if (!isAccessTokenType(value)) {
      throw new InvalidTokenError('type', { mismatch: mismatch(claim, value, TYPES) });
    }
  }
  // RFC 9449, section 6.2: without the key that it is bound to, possession of it cannot be proved.
  if (String(type).toLowerCase() === 'dpop' && cnf === undefined) {
    throw new InvalidTokenError('confirmation', { mismatch: mismatch('cnf', cnf) });
  }
}

function isAccessTokenType(type: unknown): type is string | undefined {
  return type === undefined || (typeof type === 'string' && TYPES.includes(type.toLowerCase()));
}
