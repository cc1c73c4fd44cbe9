import { InvalidTokenError } from '../errors/invalid-token.error.js';
import { mismatchInWords } from '../errors/mismatch-in-words.js';
import {
  claimChecks,
  type ClaimCheck,
  type ClaimRequirements,
  type ReadToken,
} from '../token/claim-checks.js';
import type { Claims } from '../token/claims-policy.js';
import { checkTokenType } from '../verification/jwt/token-type.js';
import { ok, problem, warning, type Finding } from './finding.js';

/** A check of a claim of a token, by the rules of this library. */
interface TokenCheck {
  readonly name: string;
  readonly checks: readonly ClaimCheck[];
  readonly success: string;
  readonly remedy: string;
  /** `true` if a server may have good reason to accept another value. */
  readonly isPolicy?: boolean;
}

/** The claims whose values are times (RFC 7519, section 4.1). */
const TIMES: readonly string[] = ['exp', 'nbf', 'iat'];

const CHECKS: readonly TokenCheck[] = [
  {
    name: 'token_issuer',
    checks: [claimChecks.issuer],
    success: '"iss" is an authorization server in the metadata.',
    remedy:
      'Get the token from an authorization server in the metadata. If the token is from the right server, name its issuer in the metadata, to the letter.',
    isPolicy: true,
  },
  {
    name: 'token_audience',
    checks: [claimChecks.audience],
    success: '"aud" names the resource.',
    remedy:
      'Ask the authorization server for a token with the parameter resource (RFC 8707), or set the audience at that server.',
    isPolicy: true,
  },
  {
    name: 'token_type',
    checks: [
      ({ header }) => {
        checkTokenType(header?.typ);
      },
      claimChecks.type,
    ],
    success: 'The token is an access token, by "typ" and claims.',
    remedy: 'Send an access token, not an ID token or another JWT.',
    isPolicy: true,
  },
  {
    name: 'token_expiry',
    checks: [claimChecks.requiredClaims, claimChecks.expiry],
    success: '"exp" is in the future.',
    remedy: 'Get a new token. If it is new, compare the clock of the authorization server.',
  },
  {
    name: 'token_not_before',
    checks: [claimChecks.notBefore],
    success: '"nbf" is not in the future, or absent.',
    remedy: 'Set the clock of the authorization server, or wait.',
  },
  {
    name: 'token_issued_at',
    checks: [claimChecks.age],
    success: '"iat" is not in the future, or absent.',
    remedy: 'Set the clock of the authorization server.',
  },
];

/**
 * Checks the claims of a JWT one by one. The signature of the JWT is **not** verified.
 *
 * @param isAccepted - the server accepts the token, so another issuer, audience or type is only worth a warning
 */
export function tokenClaims(
  { claims, typ }: { claims: Claims; typ: unknown },
  requirements: ClaimRequirements,
  isAccepted: boolean,
): Finding[] {
  const token = { ...read(claims), header: { typ } };
  const checks =
    requirements.issuers.length > 0 ? CHECKS : CHECKS.filter(({ name }) => name !== 'token_issuer');
  return checks.map((check) => findingOf(check, token, requirements, isAccepted));
}

/** Returns claims as a verified token, which the checks expect. The checks also reject values of other types. */
function read(claims: Claims): ReadToken {
  const { iss: issuer, aud: audience, exp: expiresAt } = claims;
  const verified = { issuer, audience, expiresAt } as ReadToken['verified'];
  return { verified, claims, alwaysRequired: ['exp'] };
}

function findingOf(
  { name, checks, success, remedy, isPolicy = false }: TokenCheck,
  token: ReadToken,
  requirements: ClaimRequirements,
  isAccepted: boolean,
): Finding {
  try {
    for (const check of checks) {
      check(token, requirements);
    }
    return ok(name, success);
  } catch (error) {
    if (!(error instanceof InvalidTokenError)) {
      throw error;
    }
    const make = isPolicy && isAccepted ? warning : problem;
    return make(name, describe(error, token.claims ?? {}), remedy);
  }
}

function describe({ message, mismatch }: InvalidTokenError, claims: Claims): string {
  if (mismatch === undefined) {
    return message;
  }
  const { claim } = mismatch;
  const time = TIMES.includes(claim) ? timeIn(claims[claim]) : undefined;
  return `${message} ${time === undefined ? mismatchInWords(mismatch) : `"${claim}" is ${time}.`}`;
}

function timeIn(value: unknown): string | undefined {
  const date = new Date(typeof value === 'number' ? value * 1000 : NaN);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
