import { InvalidTokenError } from '../errors/invalid-token.error.js';
import type { Claims, ClaimsPolicy } from './claims-policy.js';
import type { VerifiedToken } from './token-verifier.js';
import { readSource } from './claim-source.js';

/** The claims in which providers write the scopes. The first that is present counts. */
const SCOPE_CLAIMS = ['scope', 'scp', 'scopes'] as const;
/** The claims in which providers write the client. The first that is present counts. */
const CLIENT_ID_CLAIMS = ['client_id', 'azp', 'cid'] as const;

/**
 * The greatest number of scopes. Each scope of a token costs time in the comparison with the scopes that an
 * operation needs, and no user consents to so many.
 */
const MAX_SCOPES = 1000;

/**
 * Reads the caller from the claims of a genuine JWT, or of an introspection response.
 *
 * @throws InvalidTokenError if a claim has the wrong type, or if there are too many scopes
 * @throws McpAuthConfigurationError if a function of the option `claims` returns a wrong type
 */
export function readClaims(claims: Claims & { iss: string }, policy: ClaimsPolicy): VerifiedToken {
  const {
    scopes = firstOf(SCOPE_CLAIMS, claims),
    clientId = firstOf(CLIENT_ID_CLAIMS, claims),
    subject = 'sub',
    audience = 'aud',
  } = policy;
  return {
    issuer: claims.iss,
    audience: readSource(claims, audience, isStringOrStrings, 'audience'),
    subject: readSource(claims, subject, isString),
    clientId: readSource(claims, clientId, isString) ?? '',
    scopes: listed(readSource(claims, scopes, isStringOrStrings)),
    expiresAt: readSource(claims, 'exp', isNumber),
    claims,
  };
}

function firstOf(names: readonly [string, ...string[]], claims: Claims): string {
  return names.find((name) => Object.hasOwn(claims, name)) ?? names[0];
}

/**
 * Reads scopes from a string with spaces between them (RFC 9068, section 2.2.3), or from an array, which some
 * providers send.
 */
function listed(value: string | readonly string[] = ''): readonly string[] {
  const scopes = typeof value === 'string' ? value.split(' ').filter(Boolean) : value;
  if (scopes.length > MAX_SCOPES) {
    throw new InvalidTokenError('claim', { mismatch: { claim: 'scope', problem: 'malformed' } });
  }
  return scopes;
}

export const isString = (value: unknown): value is string => typeof value === 'string';

const isNumber = (value: unknown): value is number => typeof value === 'number';

export const isStringOrStrings = (value: unknown): value is string | readonly string[] =>
  isString(value) || (Array.isArray(value) && value.every(isString));
