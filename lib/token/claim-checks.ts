import { InvalidTokenError, type InvalidTokenReason } from '../errors/invalid-token.error.js';
import { mismatch } from '../errors/token-mismatch.js';
import { withLowerCaseOrigin } from '../url/lower-case-origin.js';
import type { Claims } from './claims-policy.js';
import { assertNoIdToken } from './id-token.js';
import type { JwtPolicy } from './jwt-policy.js';
import type { TokenVerificationContext, VerifiedToken } from './token-verifier.js';

/** A genuine token whose claims have been read. */
export interface ReadToken {
  readonly verified: VerifiedToken;
  /**
   * All claims of a JWT or of an introspection response. Not set if the application's own verifier is
   * responsible for them.
   */
  readonly claims?: Claims;
  /** The issuers of the server that sent an introspection response. The claim `iss` must be one of them. */
  readonly from?: readonly string[];
  /** The issuers that are accepted besides those of the context. */
  readonly ownIssuers?: readonly string[];
  /** The header of a JWT. */
  readonly header?: { readonly typ?: unknown };
  /** Claims that every token of this kind must have. */
  readonly alwaysRequired?: readonly string[];
}

/** The requirements of a resource for the claims of a token. */
export type ClaimRequirements = Pick<TokenVerificationContext, 'issuers' | 'audiences' | 'jwt'>;

export type ClaimCheck = (token: ReadToken, context: ClaimRequirements) => void;

/** The checks of a token of any kind, in this order (RFC 7519, section 4.1; RFC 9068, section 4). */
export const claimChecks = {
  issuer: assertTrustedIssuer,
  requiredClaims: assertRequiredClaims,
  notBefore: assertValidAlready,
  expiry: assertNotExpired,
  age: assertNotTooOld,
  audience: assertAudience,
  type: assertAccessToken,
} as const satisfies Record<string, ClaimCheck>;

const CHECKS: readonly ClaimCheck[] = Object.values(claimChecks);

/**
 * Checks the claims of a token against the requirements of a resource. It does **not** check whether the
 * token is genuine, nor what its scopes allow.
 *
 * @throws InvalidTokenError if a claim does not meet a requirement
 */
export function assertClaims(token: ReadToken, context: ClaimRequirements): void {
  for (const check of CHECKS) {
    check(token, context);
  }
}

/**
 * Returns the time until which the token may be cached, in seconds since the epoch: its expiry, or the time at which it
 * reaches `maxTokenAge` if that is earlier. Returns `Infinity` if the token has neither limit. The time does not
 * include the clock tolerance, which is for the verification, not for the cache.
 */
export function endOf({ verified, claims = {} }: ReadToken, { maxTokenAge = Infinity }: JwtPolicy) {
  const issuedAt = maxTokenAge === Infinity ? Infinity : numericDate(claims, 'iat', Infinity);
  return Math.min(verified.expiresAt ?? Infinity, issuedAt + maxTokenAge);
}

function assertTrustedIssuer(
  { verified, from, ownIssuers = [] }: ReadToken,
  { issuers }: ClaimRequirements,
) {
  const { issuer } = verified;
  const isTrusted = issuers.includes(issuer) || ownIssuers.includes(issuer);
  if (!isTrusted || from?.includes(issuer) === false) {
    const expected = from ?? [...issuers, ...ownIssuers];
    throw new InvalidTokenError('issuer', { mismatch: mismatch('iss', issuer, expected) });
  }
}

function assertRequiredClaims(
  { claims, alwaysRequired = [] }: ReadToken,
  { jwt }: ClaimRequirements,
) {
  const missing =
    claims &&
    [...alwaysRequired, ...jwt.requiredClaims].find((name) => !Object.hasOwn(claims, name));
  if (missing !== undefined) {
    throw wrong('claim', missing, undefined);
  }
}

function assertValidAlready({ claims = {} }: ReadToken, { jwt }: ClaimRequirements) {
  if (numericDate(claims, 'nbf', -Infinity) > now() + jwt.clockTolerance) {
    throw wrong('not_yet_valid', 'nbf', claims.nbf, ['not in the future']);
  }
}

/**
 * Rejects an expired token, and an expiry that is not a finite number. The application's own code may return
 * such an expiry, or a token may contain `1e400`.
 */
function assertNotExpired({ verified }: ReadToken, { jwt }: ClaimRequirements) {
  const exp = numericDate({ exp: verified.expiresAt }, 'exp', Infinity);
  if (exp + jwt.clockTolerance <= now()) {
    throw wrong('expired', 'exp', exp, ['in the future']);
  }
}

function assertNotTooOld(
  { claims }: ReadToken,
  { jwt: { clockTolerance, maxTokenAge } }: ClaimRequirements,
) {
  if (claims === undefined) {
    return;
  }
  const iat = numericDate(claims, 'iat', maxTokenAge === undefined ? -Infinity : undefined);
  if (maxTokenAge !== undefined && iat + maxTokenAge + clockTolerance < now()) {
    throw wrong('too_old', 'iat', claims.iat, [`at most ${maxTokenAge} seconds ago`]);
  }
  if (iat > now() + clockTolerance) {
    throw wrong('not_yet_valid', 'iat', claims.iat, ['not in the future']);
  }
}

/** Checks the audience. The audience need not come from `aud`: the option `claims` may name another claim. */
function assertAudience({ verified }: ReadToken, { audiences }: ClaimRequirements) {
  const { audience } = verified;
  const named: readonly unknown[] = Array.isArray(audience) ? audience : [audience];
  if (audiences !== undefined && !audiences.some((accepted) => isNamed(accepted, named))) {
    throw new InvalidTokenError('audience', { mismatch: mismatch('aud', audience, audiences) });
  }
}

/** Rejects ID tokens among the JWTs that are verified here. An introspection response has no header. */
function assertAccessToken({ header, claims = {} }: ReadToken) {
  if (header !== undefined) {
    assertNoIdToken(claims, header.typ);
  }
}

/**
 * Returns `true` if the token names an accepted audience. MCP 2026-07-28 says that scheme and host in upper
 * case SHOULD be accepted too.
 */
function isNamed(accepted: string, named: readonly unknown[]): boolean {
  return (
    named.includes(accepted) ||
    named.some(
      (name) =>
        typeof name === 'string' && withLowerCaseOrigin(name) === withLowerCaseOrigin(accepted),
    )
  );
}

function now(): number {
  return Date.now() / 1000;
}

/**
 * Returns the time in a claim, in seconds since the epoch. If the token lacks the claim, returns `absent`.
 *
 * @throws InvalidTokenError if the time is not a finite number, or if both the claim and `absent` are missing
 */
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
