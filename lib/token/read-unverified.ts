import { decodeProtectedHeader } from 'jose';
import { MAX_TOKEN_LENGTH } from './max-token-length.js';

/**
 * What a token that has the form of a JWT (RFC 7519, section 7.2, as a JWS) says of itself, nothing of it
 * believed; `undefined` for a token of any other form.
 */
export function readUnverified(token: string): { iss?: unknown } | undefined {
  if (token.length > MAX_TOKEN_LENGTH || !/^[\w-]+\.[\w-]+\.[\w-]*$/.test(token)) {
    return undefined;
  }
  if (typeof unlessUnreadable(() => decodeProtectedHeader(token).alg) !== 'string') {
    return undefined;
  }
  return unverifiedClaims(token) ?? {};
}

/**
 * The claims of a JWS, nothing of them believed; `undefined` where they are no object. Less strict than
 * jose, which reads them again once the signature is verified, and whose decoding shows in the profile.
 */
export function unverifiedClaims(token: string): { iss?: unknown } | undefined {
  const [, payload = ''] = token.split('.', 2);
  const claims = unlessUnreadable<unknown>(() =>
    JSON.parse(Buffer.from(payload, 'base64url').toString()),
  );
  return typeof claims === 'object' && claims !== null && !Array.isArray(claims)
    ? claims
    : undefined;
}

/** What a function reads; nothing where it throws. */
export function unlessUnreadable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
