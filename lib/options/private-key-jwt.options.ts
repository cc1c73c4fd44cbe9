import type { KeyObject, webcrypto } from 'node:crypto';
import { IsIn, ValidateIf } from 'class-validator';
import type { JWK } from 'jose';
import { IsNonEmptyString } from './constraints/values.js';
import { ASYMMETRIC_ALGORITHMS, type AsymmetricAlgorithm } from './jwt.options.js';
import type { Plain } from './plain.js';
import { constraint } from './validation/constraint.js';
import { must } from './validation/must.js';
import { Optional } from './validation/optional.js';

/** Checks the form of a private key. A later step checks that the key can sign, since this takes time. */
const IsPrivateKey = constraint('isPrivateKey', (value) => {
  if (typeof value === 'string') {
    return value.trimStart().startsWith('-----BEGIN PRIVATE KEY-----')
      ? undefined
      : 'must be PKCS #8 in PEM, from "-----BEGIN PRIVATE KEY-----" on, if it is a string';
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? undefined
    : 'must be a private key: a PEM, a JWK, a CryptoKey or a KeyObject';
});

/** The options for signing client assertions (RFC 7523, section 2.2). */
export type PrivateKeyJwtOptions = Plain<PrivateKeyJwtSettings>;

/** The class that validates {@link PrivateKeyJwtOptions}. */
export class PrivateKeyJwtSettings {
  /**
   * The private key: PKCS #8 in PEM (`-----BEGIN PRIVATE KEY-----`), a JWK, a `CryptoKey` or a `KeyObject`.
   * Its public key is registered at the authorization server.
   */
  @IsPrivateKey()
  key!: string | JWK | webcrypto.CryptoKey | KeyObject;

  /**
   * The JWS algorithm to sign with. The module checks at start-up that it suits the key.
   *
   * @defaultValue the `alg` of a JWK; required with any other key
   */
  @ValidateIf(({ alg, key }: PrivateKeyJwtSettings) => alg !== undefined || !namesAlgorithm(key))
  @IsIn(ASYMMETRIC_ALGORITHMS, must.beOneOf)
  alg?: AsymmetricAlgorithm;

  /**
   * The key id that is registered at the authorization server.
   *
   * @defaultValue the `kid` of a JWK; otherwise the assertion has no `kid`
   */
  @Optional()
  @IsNonEmptyString()
  kid?: string;

  /**
   * The `aud` of the assertion, for an authorization server that accepts only the URL of its endpoint. Write
   * it yourself, and do **not** copy it from fetched metadata: another server could then use the assertion.
   *
   * @defaultValue the issuer identifier
   */
  @Optional()
  @IsNonEmptyString()
  audience?: string;
}

/** Returns `true` for a JWK that names its algorithm. */
function namesAlgorithm(key: unknown): boolean {
  const isObject = typeof key === 'object' && key !== null && Object.hasOwn(key, 'alg');
  return isObject && ASYMMETRIC_ALGORITHMS.includes((key as { alg: never }).alg);
}
