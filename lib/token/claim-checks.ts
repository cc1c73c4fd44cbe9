import { InvalidTokenError, type InvalidTokenReason } from '../errors/invalid-token.error.js';
import { mismatch } from '../errors/token-mismatch.js';
import type { Claims } from './claims-policy.js';
import type { JwtPolicy } from './jwt-policy.js';

/**
 * Checks what a resource asks of the claims of a JWT, and of an introspection response alike: the issuer,
 * the claims that are required, and the time (RFC 7519, section 4.1). The audience is checked once the
 * claims are read, since an option says where it stands.
 *
 * @param issuer - the one that the claims come from
 * @throws InvalidTokenError
 */
export function assertClaims(
  claims: Claims,
  issuer: string,
  jwt: JwtPolicy,
  alwaysRequired: readonly string[] = [],
): void {
  if (claims.iss !== issuer) {
    throw new InvalidTokenError('issuer', { mismatch: mismatch('iss', claims.iss, [issuer]) });
  }
  const missing = [...alwaysRequired, ...jwt.requiredClaims].find(
    (name) => !Object.hasOwn(claims, name),
  );
  if (missing !== undefined) {
    throw wrong('claim', missing, undefined);
  }
  assertTimely(claims, jwt);
}

/** In seconds since the epoch: the clock tolerance is for the verification, not for keeping it. */
export function endOf(claims: Claims, { maxTokenAge = Infinity }: JwtPolicy): number {
  const age = numericDate(claims, 'iat', Infinity) + maxTokenAge;
  return Math.min(numericDate(claims, 'exp', Infinity), age);
}

function assertTimely(claims: Claims, { clockTolerance, maxTokenAge }: JwtPolicy): void {
  const now = Date.now() / 1000;
  if (numericDate(claims, 'nbf', -Infinity) > now + clockTolerance) {
    throw wrong('not_yet_valid', 'nbf', claims.nbf, ['not in the future']);
  }
  if (numericDate(claims, 'exp', Infinity) + clockTolerance <= now) {
    throw wrong('expired', 'exp', claims.exp, ['in the future']);
  }
  const iat = numericDate(claims, 'iat', maxTokenAge === undefined ? -Infinity : undefined);
  if (maxTokenAge !== undefined && iat + maxTokenAge + clockTolerance < now) {
    throw wrong('too_old', 'iat', claims.iat, [`at most ${maxTokenAge} seconds ago`]);
  }
  if (iat > now + clockTolerance) {
    throw wrong('not_yet_valid', 'iat', claims.iat, ['not in the future']);
  }
}

/** Seconds since the epoch. */
function numericDate(claims: Claims, name: string, absent: number | undefined): number {
  const value = claims[name];
  if (value === undefined && absent !== undefined) {
    return absent;
  }
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw wrong('claim', name, value);
  }
  return value;
}

function wrong(
  reason: InvalidTokenReason,
  claim: string,
  value: unknown,
  expected?: readonly string[],
): InvalidTokenError {
  return new InvalidTokenError(reason, { mismatch: mismatch(claim, value, expected) });
}
