import { isJsonObject } from './json-object.js';
import { decodeProtectedHeader } from 'jose';
import { MAX_TOKEN_LENGTH } from './max-token-length.js';

/**
 * Reads the claims of a token that has the form of a JWT (RFC 7519, section 7.2, as a JWS). **Nothing** of
 * it is verified. Returns `undefined` for a token of any other form, or longer than `MAX_TOKEN_LENGTH`.
 * Returns an empty object for a token that has the form of a JWT, but whose claims cannot be read.
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
 * Reads the claims of a JWS. **Nothing** of it is verified. Returns `undefined` if they are not an object.
 *
 * It is less strict than jose, because the decoding by jose costs measurable time. After the signature is
 * verified, the claims are read again, strictly.
 */
export function unverifiedClaims(token: string): { iss?: unknown } | undefined {
  const [, payload = ''] = token.split('.', 2);
  const claims = unlessUnreadable<unknown>(() =>
    JSON.parse(Buffer.from(payload, 'base64url').toString()),
  );
  return isJsonObject(claims) ? claims : undefined;
}

/** Returns what a function reads, or `undefined` if it throws. */
export function unlessUnreadable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
