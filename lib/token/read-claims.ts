import { InvalidTokenError } from '../errors/invalid-token.error.js';
import type { Claims, ClaimsPolicy } from './claims-policy.js';
import type { VerifiedToken } from './token-verifier.js';
import { readSource } from './claim-source.js';

/** Where providers put the scopes; the first that is there counts. */
const SCOPE_CLAIMS = ['scope', 'scp', 'scopes'] as const;
/** Where providers put the client, likewise. */
const CLIENT_ID_CLAIMS = ['client_id', 'azp', 'cid'] as const;

/** More than anybody consents to; each is compared with what an operation needs. */
const MAX_SCOPES = 1000;

/**
 * What verified claims, of a JWT or of an introspection response, say of the caller.
 *
 * @throws InvalidTokenError if one is not of the type that it must be of
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

/** RFC 9068, section 2.2.3: a string of scopes between spaces; some providers send an array. */
function listed(value: string | readonly string[] = ''): readonly string[] {
  const scopes = typeof value === 'string' ? value.split(' ').filter(Boolean) : value;
  if (scopes.length > MAX_SCOPES) {
    throw new InvalidTokenError('claim', { mismatch: { claim: 'scope', problem: 'malformed' } });
  }
  return scopes;
}

const isString = (value: unknown): value is string => typeof value === 'string';

const isNumber = (value: unknown): value is number => typeof value === 'number';

const isStringOrStrings = (value: unknown): value is string | readonly string[] =>
  isString(value) || (Array.isArray(value) && value.every(isString));
