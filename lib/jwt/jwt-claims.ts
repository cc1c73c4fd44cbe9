import type { JWTPayload } from 'jose';
import { InvalidTokenError } from '../errors/invalid-token.error.js';
import type { VerifiedToken } from '../token/token-verifier.js';

/** Where providers put the scopes; the first that is there counts. */
const SCOPE_CLAIMS = ['scope', 'scp', 'scopes'];
/** Where providers put the client, likewise. */
const CLIENT_ID_CLAIMS = ['client_id', 'azp', 'cid'];

/**
 * What the claims of a JWT, its signature verified, say of the caller.
 *
 * @throws InvalidTokenError with the reason `claim` if one is not of the type that it must be of
 */
export function readClaims(payload: JWTPayload & { iss: string }): VerifiedToken {
  return {
    issuer: payload.iss,
    audience: readAudience(payload.aud),
    subject: optionalString(payload.sub),
    clientId: optionalString(firstOf(CLIENT_ID_CLAIMS, payload)) ?? '',
    scopes: readScopes(firstOf(SCOPE_CLAIMS, payload)),
    expiresAt: payload.exp,
    claims: payload,
  };
}

function firstOf(names: string[], payload: JWTPayload): unknown {
  const name = names.find((candidate) => Object.hasOwn(payload, candidate));
  return name === undefined ? undefined : payload[name];
}

/** RFC 7519, section 4.1.3: a string, or an array of strings. */
function readAudience(value: unknown): string | string[] | undefined {
  if (Array.isArray(value) && value.every((recipient) => typeof recipient === 'string')) {
    return value;
  }
  return optionalString(value);
}

function optionalString(value: unknown): string | undefined {
  if (value !== undefined && typeof value !== 'string') {
    throw new InvalidTokenError('claim');
  }
  return value;
}

/** RFC 9068, section 2.2.3: a string of scopes between spaces; some providers send an array. */
function readScopes(value: unknown = ''): string[] {
  if (typeof value === 'string') {
    return value.split(' ').filter((scope) => scope !== '');
  }
  if (Array.isArray(value) && value.every((scope) => typeof scope === 'string')) {
    return value;
  }
  throw new InvalidTokenError('claim');
}
