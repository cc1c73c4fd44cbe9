import type { webcrypto } from 'node:crypto';
import { errors } from 'jose';
import { InvalidTokenError } from '../errors/invalid-token.error.js';
import type { Claims } from '../token/claims-policy.js';
import { toVerificationError } from './jose-error.js';
import { verifySignature } from './verify-signature.js';

/** A token without `kid` is tried with so many keys of its algorithm, and no more. */
const MAX_CANDIDATES = 5;

/** The keys that may have signed a token, where jose found more than one. */
export function candidateKeys(error: unknown): AsyncIterable<webcrypto.CryptoKey> | undefined {
  return error instanceof errors.JWKSMultipleMatchingKeys ? error : undefined;
}

/**
 * The claims of a token that one of several keys has signed.
 *
 * @throws InvalidTokenError if none has
 */
export async function verifyWithAny(
  candidates: AsyncIterable<webcrypto.CryptoKey>,
  token: string,
  algorithms: readonly string[],
): Promise<Claims> {
  let tried = 0;
  try {
    for await (const key of candidates) {
      const claims = await verifyWith(key, token, algorithms);
      if (claims !== undefined) {
        return claims;
      }
      if (++tried === MAX_CANDIDATES) {
        break;
      }
    }
  } catch (error) {
    throw toVerificationError(error, algorithms);
  }
  throw new InvalidTokenError('signature');
}

/** The claims; nothing where the token was signed with another key. */
async function verifyWith(
  key: webcrypto.CryptoKey,
  token: string,
  algorithms: readonly string[],
): Promise<Claims | undefined> {
  try {
    return await verifySignature(token, key, algorithms);
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed) {
      return undefined;
    }
    throw error;
  }
}
