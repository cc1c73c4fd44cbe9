import type { webcrypto } from 'node:crypto';
import { errors } from 'jose';
import { verifySignature, type SignedJwt } from './verify-signature.js';

/** A token without `kid` is tried with so many keys of its algorithm, and no more. */
const MAX_CANDIDATES = 5;

/** The keys that may have signed a token, where jose found more than one. */
export function candidateKeys(error: unknown): AsyncIterable<webcrypto.CryptoKey> | undefined {
  return error instanceof errors.JWKSMultipleMatchingKeys ? error : undefined;
}

/**
 * Returns what a token says that one of several keys has signed.
 *
 * @throws JOSEError if none has
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

/** What it says; nothing where the token was signed with another key. */
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
