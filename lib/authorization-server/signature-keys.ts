import type { JSONWebKeySet, JWK } from 'jose';

/** RFC 7518, sections 3.3 and 3.5: RSA keys of 2048 bits or more. */
const MIN_RSA_BITS = 2048;
/** More costs every request, and protects nobody. */
const MAX_RSA_BITS = 8192;
/** More than any server rotates through; each costs something to try. */
const MAX_KEYS = 100;
/** Enough for a modulus of that size; a `kid` that is longer is in no header either. */
const MAX_MEMBER_LENGTH = 2048;

const MEMBERS = ['kty', 'kid', 'use', 'alg', 'crv', 'x', 'y', 'n', 'e'] as const;
const SECRETS = ['d', 'p', 'q', 'k'] as const;

/**
 * The keys of a JWK Set that may verify a signature: public, asymmetric, and not for something else.
 * Of each, what is needed for that.
 *
 * A set with a private or a symmetric key has told the world a secret; such a key is not used.
 */
export function signatureKeys({ keys }: { keys: readonly unknown[] }): JSONWebKeySet {
  return { keys: keys.filter(isPublicSignatureKey).slice(0, MAX_KEYS).map(publicMembers) };
}

function isPublicSignatureKey(value: unknown): value is JWK {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  const key = value as JWK;
  return (
    !SECRETS.some((name) => key[name] !== undefined) &&
    MEMBERS.every((name) => key[name] === undefined || isShortString(key[name])) &&
    mayVerify(key) &&
    (key.kty === 'EC' || key.kty === 'OKP' || (key.kty === 'RSA' && isLongEnough(key.n)))
  );
}

/** RFC 7517, sections 4.2 and 4.3. */
function mayVerify({ use, key_ops }: JWK): boolean {
  const operations: unknown = key_ops ?? ['verify'];
  return (
    (use === undefined || use === 'sig') &&
    Array.isArray(operations) &&
    operations.includes('verify')
  );
}

function isShortString(value: unknown): boolean {
  return typeof value === 'string' && value.length <= MAX_MEMBER_LENGTH;
}

/** In JSON, the same key is the same text. */
function publicMembers(key: JWK): JWK {
  const present = MEMBERS.filter((name) => key[name] !== undefined);
  return Object.fromEntries(present.map((name) => [name, key[name]]));
}

function isLongEnough(modulus: string | undefined = ''): boolean {
  const bytes = Buffer.from(modulus, 'base64url');
  const leadingZeros = bytes.findIndex((byte) => byte !== 0);
  const bits = leadingZeros === -1 ? 0 : (bytes.length - leadingZeros) * 8;
  return bits >= MIN_RSA_BITS && bits <= MAX_RSA_BITS;
}
