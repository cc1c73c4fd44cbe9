import type { webcrypto } from 'node:crypto';
import { errors } from 'jose';
import { verifySignature, type SignedJwt } from './verify-signature.js';

/** The greatest number of keys that are tried for one token, for example for a token without `kid`. */
const MAX_CANDIDATES = 5;

/** Returns the keys that may have signed a token, if jose found more than one. */
export function candidateKeys(error: unknown): AsyncIterable<webcrypto.CryptoKey> | undefined {
  return error instanceof errors.JWKSMultipleMatchingKeys ? error : undefined;
}

/**
 * Returns the content of a token that one of several keys has signed.
 *
 * @throws JOSEError if none of the keys that are tried has signed it
 */
export async function verifyWithAny(
  candidates: AsyncIterable<webcrypto.CryptoKey>,
  token: string,
  algorithms: readonly string[],
): Promise<SignedJwt> {
  let tried = 0;
  for await (const key of candidates) {
    const signed = await verifyWith(key, token, algorithms);
    if (signed !== undefined) {
      return signed;
    }
    if (++tried === MAX_CANDIDATES) {
      break;
    }
  }
  throw new errors.JWSSignatureVerificationFailed();
}

/** Returns the content of the token, or `undefined` if another key has signed it. */
async function verifyWith(
  key: webcrypto.CryptoKey,
  token: string,
  algorithms: readonly string[],
): Promise<SignedJwt | undefined> {
  try {
    return await verifySignature(token, key, algorithms);
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed) {
      return undefined;
    }
    throw error;
  }
}
