import type { createLocalJWKSet, JSONWebKeySet, JWK } from 'jose';

/**
 * A function that finds the key with which a JWS was signed. `JwkSetService` returns the same function until
 * the published keys change.
 */
export type JwkSet = ReturnType<typeof createLocalJWKSet>;

/** The smallest RSA key, in bits (RFC 7518, sections 3.3 and 3.5). */
const MIN_RSA_BITS = 2048;
/** The largest RSA key, in bits. A larger key costs time with every request, and protects no better. */
const MAX_RSA_BITS = 8192;
/** The greatest number of keys. Each key takes time to try, and no server rotates through so many keys. */
const MAX_KEYS = 100;
/** The greatest length of a member of a key: enough for a modulus of `MAX_RSA_BITS`, and for any `kid`. */
const MAX_MEMBER_LENGTH = 2048;

const MEMBERS = ['kty', 'kid', 'use', 'alg', 'crv', 'x', 'y', 'n', 'e'] as const;
const SECRETS = ['d', 'p', 'q', 'k'] as const;

/** The only reason that is not an error: a set may hold keys for other purposes, too. */
const FOR_ANOTHER_PURPOSE = 'is not for signatures ("use", "key_ops")';

/** A key of a JWK Set that is not used. */
export interface UnusableKey {
  /** The key id in the set, if it is a string. */
  readonly kid: string | undefined;
  readonly why: string;
  /** `true` if the key is not used because its `use` or `key_ops` does not permit verifying signatures. */
  readonly isForOtherPurpose: boolean;
}

/** The keys of a JWK Set. */
export interface SortedKeys {
  /** The keys that may verify a signature, with the members that are needed for that. */
  readonly usable: JSONWebKeySet;
  readonly unusable: readonly UnusableKey[];
}

/**
 * Sorts the keys of a JWK Set into those that may verify a signature, and the others. A usable key is public,
 * asymmetric, of a permitted size, and not for another purpose. At most 100 keys are used. A member that is `null`
 * counts as absent.
 *
 * A private or symmetric key in a published set is no longer secret, so anyone could sign with it. It is not
 * used.
 */
export function sortKeys({ keys }: { keys: readonly unknown[] }): SortedKeys {
  const usable: JWK[] = [];
  const unusable: UnusableKey[] = [];
  for (const key of keys.map(withoutNulls)) {
    const why = problemOf(key) ?? (usable.length === MAX_KEYS ? TOO_MANY : undefined);
    if (why === undefined) {
      usable.push(publicMembers(key as JWK));
    } else {
      unusable.push({ kid: kidOf(key), why, isForOtherPurpose: why === FOR_ANOTHER_PURPOSE });
    }
  }
  return { usable: { keys: usable }, unusable };
}

const TOO_MANY = `comes after ${MAX_KEYS} other keys that can be used`;

/** Leaves out members that are `null`: some serializers write `null` for every member without a value. */
function withoutNulls(value: unknown): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null))
    : value;
}

function problemOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) {
    return 'is not an object';
  }
  const key = value as JWK;
  if (SECRETS.some((name) => key[name] !== undefined)) {
    return 'is private or symmetric, but only public keys may be in a JWK Set';
  }
  const wrong = MEMBERS.find((name) => key[name] !== undefined && !isShortString(key[name]));
  if (wrong !== undefined) {
    return `has a "${wrong}" that is not a string of at most ${MAX_MEMBER_LENGTH} characters`;
  }
  return mayVerify(key) ? typeProblem(key) : FOR_ANOTHER_PURPOSE;
}

function typeProblem({ kty, n }: JWK): string | undefined {
  if (kty === 'RSA') {
    return hasPermittedLength(n)
      ? undefined
      : `is an RSA key with another length than ${MIN_RSA_BITS} to ${MAX_RSA_BITS} bits`;
  }
  return kty === 'EC' || kty === 'OKP'
    ? undefined
    : 'is of a type ("kty") other than RSA, EC and OKP';
}

function kidOf(key: unknown): string | undefined {
  const { kid } = (key ?? {}) as { kid?: unknown };
  return typeof kid === 'string' ? kid : undefined;
}

/** Returns whether a key is for signatures (RFC 7517, sections 4.2 and 4.3). */
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

/** Returns the known members in a fixed order, so that the same key always gives the same JSON text. */
function publicMembers(key: JWK): JWK {
  const present = MEMBERS.filter((name) => key[name] !== undefined);
  return Object.fromEntries(present.map((name) => [name, key[name]]));
}

function hasPermittedLength(modulus: string | undefined = ''): boolean {
  const bytes = Buffer.from(modulus, 'base64url');
  const leadingZeros = bytes.findIndex((byte) => byte !== 0);
  const bits = leadingZeros === -1 ? 0 : (bytes.length - leadingZeros) * 8;
  return bits >= MIN_RSA_BITS && bits <= MAX_RSA_BITS;
}
