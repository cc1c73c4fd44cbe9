import type { KeyObject, webcrypto } from 'node:crypto';
import type { JWK } from 'jose';
import { ASYMMETRIC_ALGORITHMS, type AsymmetricAlgorithm } from './jwt.options.js';
import type { Plain } from './plain.js';
import { Checked } from './validation/checked.js';
import { Nested } from './validation/nested.js';
import { Optional } from './validation/optional.js';
import {
  nonEmptyString,
  nonNegativeNumber,
  oneOf,
  positiveInteger,
  privateKey,
} from './validation/problems.js';

/** How a client shows an introspection endpoint who it is (RFC 6749, section 2.3; RFC 7523). */
export type ClientAuthenticationMethod =
  'client_secret_basic' | 'client_secret_post' | 'private_key_jwt';

/** How client assertions are signed (RFC 7523, section 2.2). */
export type PrivateKeyJwtOptions = Plain<PrivateKeyJwtSettings>;

/** The class that {@link PrivateKeyJwtOptions} are validated as. */
export class PrivateKeyJwtSettings {
  /**
   * The private key, whose public half is registered at the authorization server: PKCS #8 in PEM
   * (`-----BEGIN PRIVATE KEY-----`), a JWK, or a `CryptoKey` or `KeyObject`.
   */
  @Checked('key', privateKey)
  key!: string | JWK | webcrypto.CryptoKey | KeyObject;

  /**
   * The JWS algorithm to sign with. That it suits the key is checked at start-up.
   *
   * @defaultValue `alg` of a JWK; required with any other key
   */
  @Checked<PrivateKeyJwtSettings>('alg', (value, owner) =>
    oneOf(...ASYMMETRIC_ALGORITHMS)(value ?? memberOf(owner.key, 'alg'), owner),
  )
  alg?: AsymmetricAlgorithm;

  /**
   * The key id, as the authorization server knows it.
   *
   * @defaultValue `kid` of a JWK; else the assertion names none
   */
  @Optional()
  @Checked('kid', nonEmptyString)
  kid?: string;

  /**
   * The `aud` of the assertion, for an authorization server that takes nothing but the URL of its
   * endpoint there. Only what you wrote yourself, never what was fetched, may stand there: another
   * server could use the assertion.
   *
   * @defaultValue the issuer identifier
   */
  @Optional()
  @Checked('audience', nonEmptyString)
  audience?: string;
}

/** How an authorization server is asked about tokens (RFC 7662). */
export type IntrospectionOptions = Plain<IntrospectionSettings>;

/** The class that {@link IntrospectionOptions} are validated as. */
export class IntrospectionSettings {
  /** As which client of the authorization server this application asks. */
  @Checked('clientId', nonEmptyString)
  clientId!: string;

  /** The client's secret. Either this or `privateKeyJwt`. No message and no log shows it. */
  @Checked<IntrospectionSettings>('clientSecret', (value, owner) => {
    if (owner.privateKeyJwt !== undefined) {
      return value === undefined ? undefined : 'contradicts privateKeyJwt; remove one of the two';
    }
    return value === undefined
      ? 'must be given, or else privateKeyJwt; is an environment variable not set?'
      : nonEmptyString(value, owner);
  })
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
  @Checked<IntrospectionSettings>('method', (value, owner) =>
    oneOf(
      ...(owner.privateKeyJwt
        ? ['private_key_jwt']
        : ['client_secret_basic', 'client_secret_post']),
    )(value, owner),
  )
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
  @Checked('cacheTtl', nonNegativeNumber)
  cacheTtl?: number;

  /**
   * How many requests to the endpoint may be under way at a time. Beyond that the server counts as
   * unavailable: strangers can send any number of tokens that nobody knows, and each is a request.
   *
   * @defaultValue 100
   */
  @Optional()
  @Checked('maxConcurrent', positiveInteger)
  maxConcurrent?: number;
}

function memberOf(key: unknown, name: string): unknown {
  return typeof key === 'object' && key !== null && Object.hasOwn(key, name)
    ? (key as Record<string, unknown>)[name]
    : undefined;
}
