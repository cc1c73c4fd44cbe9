import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWK } from 'jose';
import { sortKeys, type JwkSet } from './signature-keys.js';

/** A public key in PEM, as `openssl` writes it, and the JWS algorithm that it verifies. */
export interface PemKey {
  /** The whole text, beginning with `-----BEGIN PUBLIC KEY-----`. */
  pem: string;
  /** The JWS algorithm, such as `'RS256'`. */
  alg: string;
  /**
   * The key id, as in the header of tokens. Without it, the key verifies any token for which no key with an id
   * fits.
   */
  kid?: string;
}

/** Public keys in the options: a JWK Set, a file that contains a JWK Set, or keys in PEM. */
export type KeysByHand =
  { readonly keys: readonly object[] } | { readonly file: string } | readonly PemKey[];

/** The type and the curve of the key that each algorithm needs. */
const KEY_OF: Readonly<Record<string, readonly [kty: string, crv?: string]>> = {
  RS256: ['RSA'],
  RS384: ['RSA'],
  RS512: ['RSA'],
  PS256: ['RSA'],
  PS384: ['RSA'],
  PS512: ['RSA'],
  ES256: ['EC', 'P-256'],
  ES384: ['EC', 'P-384'],
  ES512: ['EC', 'P-521'],
  EdDSA: ['OKP', 'Ed25519'],
  Ed25519: ['OKP', 'Ed25519'],
};

/**
 * Reads the keys in the options: at start-up, or when a resolver or `tenants` returns the options. Nothing is
 * fetched.
 *
 * @throws Error that says what is wrong. Its message continues the name of the option, as in "jwks holds a
 * key …".
 */
export function readKeysByHand(given: unknown): JSONWebKeySet {
  const keys = Array.isArray(given) ? given.map(readPem) : keysOf(setIn(given));
  const { usable, unusable } = sortKeys({ keys });
  const wrong = unusable.find(({ isForOtherPurpose }) => !isForOtherPurpose);
  if (wrong !== undefined) {
    throw new Error(`holds a key (${wrong.kid ?? 'without "kid"'}) that ${wrong.why}`);
  }
  if (usable.keys.length === 0) {
    throw new Error('holds no key that may verify a signature');
  }
  usable.keys.forEach(assertImportable);
  return usable;
}

/**
 * Returns a set that finds a key by id and algorithm. For a token without an id, it uses any key that has an
 * id and fits the algorithm. If none fits, it uses the keys without an id.
 *
 * @throws Error as {@link readKeysByHand} does
 */
export function jwkSetByHand(given: KeysByHand): JwkSet {
  const { keys } = readKeysByHand(given);
  const named = createLocalJWKSet({ keys: keys.filter(({ kid }) => kid !== undefined) });
  const unnamed = createLocalJWKSet({ keys: keys.filter(({ kid }) => kid === undefined) });
  const find = (...[header, token]: Parameters<JwkSet>) =>
    named(header, token).catch((error: unknown) => {
      if (error instanceof errors.JWKSNoMatchingKey) {
        return unnamed({ ...header, alg: header?.alg ?? '', kid: undefined }, token);
      }
      throw error;
    });
  return Object.assign(find, { jwks: () => ({ keys }) });
}

function setIn(given: unknown): unknown {
  const { file } = (given ?? {}) as { file?: unknown };
  return typeof file === 'string' ? readFile(file) : given;
}

function readFile(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code = 'unknown' } = error as { code?: string };
    throw new Error(`names the file "${file}", which cannot be read (${code})`, { cause: error });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`names the file "${file}", which is not JSON`, { cause: error });
  }
}

function keysOf(set: unknown): readonly unknown[] {
  const { keys } = (set ?? {}) as { keys?: unknown };
  if (!Array.isArray(keys)) {
    throw new Error(
      'must be a JWK Set ({ keys: [...] }), { file: "…" } that holds a JWK Set, or an array of { pem, alg }',
    );
  }
  return keys;
}

function readPem(given: unknown, index: number): JWK {
  const { pem, alg, kid } = (given ?? {}) as Partial<Record<keyof PemKey, unknown>>;
  const [kty, crv] = KEY_OF[String(alg)] ?? [];
  if (kty === undefined) {
    throw new Error(`needs "alg" at item ${index}, one of ${Object.keys(KEY_OF).join(', ')}`);
  }
  if (!isPublicPem(pem)) {
    throw new Error(`needs "pem" at item ${index}, a public key: "-----BEGIN PUBLIC KEY-----…"`);
  }
  const jwk = publicJwk(pem, `has a "pem" at item ${index} that cannot be read as a public key`);
  if (jwk.kty !== kty || ![undefined, jwk.crv].includes(crv)) {
    const found = [jwk.kty, jwk.crv].filter(Boolean).join(' ');
    throw new Error(`holds at item ${index} a key (${found}) that cannot verify ${String(alg)}`);
  }
  if (!['string', 'undefined'].includes(typeof kid)) {
    throw new Error(`needs a string as "kid" at item ${index}, or no "kid"`);
  }
  return { ...jwk, alg: String(alg), use: 'sig', ...(typeof kid === 'string' && { kid }) };
}

function isPublicPem(pem: unknown): pem is string {
  return typeof pem === 'string' && pem.includes('-----BEGIN ') && !pem.includes('PRIVATE KEY');
}

function assertImportable(key: JWK): void {
  const name = key.kid ?? 'without "kid"';
  publicJwk(
    { key: key as JsonWebKey, format: 'jwk' },
    `holds a key (${name}) that is not a valid key`,
  );
}

function publicJwk(key: Parameters<typeof createPublicKey>[0], problem: string): JWK {
  try {
    return createPublicKey(key).export({ format: 'jwk' });
  } catch (error) {
    throw new Error(problem, { cause: error });
  }
}
