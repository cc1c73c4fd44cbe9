import type { webcrypto } from 'node:crypto';
import { errors, jwtVerify, type JWTPayload, type JWTVerifyOptions } from 'jose';
import { InvalidTokenError } from '../errors/invalid-token.error.js';
import { toVerificationError } from './jose-error.js';

/** A token without `kid` is tried with so many keys of its algorithm, and no more. */
const MAX_CANDIDATES = 5;

/** The keys that may have signed a token, where jose found more than one. */
export function candidateKeys(error: unknown): AsyncIterable<webcrypto.CryptoKey> | undefined {
  return error instanceof errors.JWKSMultipleMatchingKeys ? error : undefined;
}

/**
 * The claims of a token that one of several keys has signed.
 *
 * @throws InvalidTokenError if none has, or a claim is not right
 */
export async function verifyWithAny(
  candidates: AsyncIterable<webcrypto.CryptoKey>,
  token: string,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  let tried = 0;
  try {
    for await (const key of candidates) {
      const payload = await verifyWith(key, token, options);
      if (payload !== undefined) {
        return payload;
      }
      if (++tried === MAX_CANDIDATES) {
        break;
      }
    }
  } catch (error) {
    throw toVerificationError(error);
  }
  throw new InvalidTokenError('signature');
}

/** The claims; nothing where the token was signed with another key. */
async function verifyWith(
  key: webcrypto.CryptoKey,
  token: string,
  options: JWTVerifyOptions,
): Promise<JWTPayload | undefined> {
  try {
    return (await jwtVerify(token, key, options)).payload;
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed) {
      return undefined;
    }
    throw error;
  }
}
