import type { JSONWebKeySet, JWK } from 'jose';

/** RFC 7518, sections 3.3 and 3.5: RSA keys of 2048 bits or more. */
const MIN_RSA_BITS = 2048;
/** More than any server rotates through; each costs something to try. */
const MAX_KEYS = 100;

/**
 * The keys of a JWK Set that may verify a signature: public, asymmetric, and not for something else.
 *
 * A set with a private or a symmetric key has told the world a secret; such a key is not used.
 */
export function signatureKeys({ keys }: { keys: readonly unknown[] }): JSONWebKeySet {
  return { keys: keys.filter(isPublicSignatureKey).slice(0, MAX_KEYS) };
}

function isPublicSignatureKey(value: unknown): value is JWK {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  const key = value as JWK;
  return (
    key.d === undefined &&
    (key.use === undefined || key.use === 'sig') &&
    (key.kty === 'EC' || key.kty === 'OKP' || (key.kty === 'RSA' && rsaBits(key.n) >= MIN_RSA_BITS))
  );
}

function rsaBits(modulus: unknown): number {
  return typeof modulus === 'string' ? Buffer.from(modulus, 'base64url').length * 8 : 0;
}
