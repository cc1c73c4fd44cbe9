import type { KeyObject, webcrypto } from 'node:crypto';
import { IsIn, IsInt, IsNumber, IsPositive, Min, ValidateIf } from 'class-validator';
import type { JWK } from 'jose';
import { IsNonEmptyString } from './constraints/values.js';
import { ASYMMETRIC_ALGORITHMS, type AsymmetricAlgorithm } from './jwt.options.js';
import type { Plain } from './plain.js';
import { constraint } from './validation/constraint.js';
import { must } from './validation/must.js';
import { Nested } from './validation/nested.js';
import { OnlyIf } from './validation/only-if.js';
import { Optional } from './validation/optional.js';

const WITH_SECRET = ['client_secret_basic', 'client_secret_post'] as const;
const WITH_KEY = ['private_key_jwt'] as const;

/** How a client shows an introspection endpoint who it is (RFC 6749, section 2.3; RFC 7523). */
export type ClientAuthenticationMethod = (typeof WITH_SECRET | typeof WITH_KEY)[number];

/** Whether it signs is found out later: that takes time. */
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

/** How client assertions are signed (RFC 7523, section 2.2). */
export type PrivateKeyJwtOptions = Plain<PrivateKeyJwtSettings>;

/** The class that {@link PrivateKeyJwtOptions} are validated as. */
export class PrivateKeyJwtSettings {
  /**
   * The private key, whose public half is registered at the authorization server: PKCS #8 in PEM
   * (`-----BEGIN PRIVATE KEY-----`), a JWK, or a `CryptoKey` or `KeyObject`.
   */
  @IsPrivateKey()
  key!: string | JWK | webcrypto.CryptoKey | KeyObject;

  /**
   * The JWS algorithm to sign with. That it suits the key is checked at start-up.
   *
   * @defaultValue `alg` of a JWK; required with any other key
   */
  @ValidateIf(({ alg, key }: PrivateKeyJwtSettings) => alg !== undefined || !namesAlgorithm(key))
  @IsIn(ASYMMETRIC_ALGORITHMS, must.beOneOf)
  alg?: AsymmetricAlgorithm;

  /**
   * The key id, as the authorization server knows it.
   *
   * @defaultValue `kid` of a JWK; else the assertion names none
   */
  @Optional()
  @IsNonEmptyString()
  kid?: string;

  /**
   * The `aud` of the assertion, for an authorization server that takes nothing but the URL of its
   * endpoint there. Only what you wrote yourself, never what was fetched, may stand there: another
   * server could use the assertion.
   *
   * @defaultValue the issuer identifier
   */
  @Optional()
  @IsNonEmptyString()
  audience?: string;
}

/** The methods of a client that has a secret are others than those of one that has a key. */
const IsMethodOfClient = constraint<{ privateKeyJwt?: unknown }>(
  'isMethodOfClient',
  (value, { privateKeyJwt }) => {
    const accepted: readonly string[] = privateKeyJwt === undefined ? WITH_SECRET : WITH_KEY;
    return accepted.includes(value as never) ? undefined : `must be one of: ${accepted.join(', ')}`;
  },
);

/** How an authorization server is asked about tokens (RFC 7662). */
export type IntrospectionOptions = Plain<IntrospectionSettings>;

/** The class that {@link IntrospectionOptions} are validated as. */
export class IntrospectionSettings {
  /** As which client of the authorization server this application asks. */
  @IsNonEmptyString()
  clientId!: string;

  /** The client's secret. Either this or `privateKeyJwt`. No message and no log shows it. */
  @ValidateIf(
    ({ clientSecret, privateKeyJwt }: IntrospectionSettings) =>
      clientSecret !== undefined || privateKeyJwt === undefined,
  )
  @OnlyIf<IntrospectionSettings>(
    ({ privateKeyJwt }) => privateKeyJwt === undefined,
    'contradicts privateKeyJwt; remove one of the two',
  )
  @OnlyIf<IntrospectionSettings>(
    ({ clientSecret }) => clientSecret !== undefined,
    'must be given, or else privateKeyJwt; is an environment variable not set?',
  )
  @IsNonEmptyString()
  clientSecret?: string;

  /** A key that signs an assertion for each request, in place of a secret. */
  @Optional()
  @Nested(() => PrivateKeyJwtSettings)
  privateKeyJwt?: PrivateKeyJwtOptions;

  /**
   * How the client is authenticated. Whether the authorization server announces the method is not
   * checked.
   *
   * @defaultValue `'client_secret_basic'`, or `'private_key_jwt'` with `privateKeyJwt`
   */
  @Optional()
  @IsMethodOfClient()
  method?: ClientAuthenticationMethod;

  /**
   * Where to ask: an absolute `https:` URL (`http:` on loopback, or with `allowInsecureRequests`).
   *
   * @defaultValue `introspection_endpoint` of the metadata
   */
  @Optional()
  endpoint?: string;

  /**
   * For how many seconds an answer is used without asking again, but never past the token's `exp`. A
   * token that is revoked meanwhile is accepted until then. With 0 each request asks.
   *
   * @defaultValue 30
   */
  @Optional()
  @IsNumber({}, must.beZeroOrMore)
  @Min(0, must.beZeroOrMore)
  cacheTtl?: number;

  /**
   * How many requests to the endpoint may be under way at a time. Beyond that the server counts as
   * unavailable: strangers can send any number of tokens that nobody knows, and each is a request.
   *
   * @defaultValue 100
   */
  @Optional()
  @IsInt(must.beWholeAboveZero)
  @IsPositive(must.beWholeAboveZero)
  maxConcurrent?: number;
}

/** A JWK may name the algorithm that it is for. */
function namesAlgorithm(key: unknown): boolean {
  const isObject = typeof key === 'object' && key !== null && Object.hasOwn(key, 'alg');
  return isObject && ASYMMETRIC_ALGORITHMS.includes((key as { alg: never }).alg);
}
