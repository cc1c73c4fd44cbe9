import { decodeJwt, decodeProtectedHeader } from 'jose';
import { MAX_TOKEN_LENGTH } from '../token/max-token-length.js';

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
  return unlessUnreadable(() => decodeJwt(token)) ?? {};
}

function unlessUnreadable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
