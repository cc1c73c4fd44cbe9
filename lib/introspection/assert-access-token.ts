import { InvalidTokenError } from '../errors/invalid-token.error.js';
import type { Claims } from '../token/claims-policy.js';
import type { JwtPolicy } from '../token/jwt-policy.js';

/** How providers say that a token is an access token, where they say it. */
const TYPES = ['bearer', 'dpop', 'access', 'access_token'];

/**
 * Checks what an authorization server says of an active token as the claims of a JWT are checked: that it
 * is an access token, of this issuer, with the claims that are required, and that it is its time.
 *
 * A refresh token is active too (RFC 7662, section 2.2), and whoever has one could present it here.
 *
 * @throws InvalidTokenError
 */
export function assertAccessToken(claims: Claims, issuer: string, jwt: JwtPolicy): void {
  const { token_type: type, token_use: use, cnf } = claims;
  if (!isAccessTokenType(type) || !isAccessTokenType(use)) {
    throw new InvalidTokenError('type');
  }
  // RFC 9449, section 6.2: without the key that it is bound to, possession of it cannot be proved.
  if (String(type).toLowerCase() === 'dpop' && cnf === undefined) {
    throw new InvalidTokenError('confirmation');
  }
  if (claims.iss !== issuer) {
    throw new InvalidTokenError('issuer');
  }
  if (jwt.requiredClaims.some((name) => !Object.hasOwn(claims, name))) {
    throw new InvalidTokenError('claim');
  }
  assertTimely(claims, jwt);
}

/** In seconds since the epoch: the clock tolerance is for the verification, not for keeping it. */
export function endOf(claims: Claims, { maxTokenAge = Infinity }: JwtPolicy): number {
  const age = numericDate(claims, 'iat', Infinity) + maxTokenAge;
  return Math.min(numericDate(claims, 'exp', Infinity), age);
}

function isAccessTokenType(type: unknown): type is string | undefined {
  return type === undefined || (typeof type === 'string' && TYPES.includes(type.toLowerCase()));
}

/** RFC 7519, section 4.1. */
function assertTimely(claims: Claims, { clockTolerance, maxTokenAge }: JwtPolicy): void {
  const now = Date.now() / 1000;
  if (numericDate(claims, 'nbf', -Infinity) > now + clockTolerance) {
    throw new InvalidTokenError('not_yet_valid');
  }
  if (numericDate(claims, 'exp', Infinity) + clockTolerance <= now) {
    throw new InvalidTokenError('expired');
  }
  const iat = numericDate(claims, 'iat', maxTokenAge === undefined ? -Infinity : undefined);
  if (maxTokenAge !== undefined && iat + maxTokenAge + clockTolerance < now) {
    throw new InvalidTokenError('too_old');
  }
  if (iat > now + clockTolerance) {
    throw new InvalidTokenError('not_yet_valid');
  }
}

/** Seconds since the epoch. */
function numericDate(claims: Claims, name: string, absent: number | undefined): number {
  const value = claims[name];
  if (value === undefined && absent !== undefined) {
    return absent;
  }
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new InvalidTokenError('claim');
  }
  return value;
}
