import type { KeyObject, webcrypto } from 'node:crypto';
import { IsIn, IsInt, IsNumber, IsPositive, Min, ValidateIf } from 'class-validator';
import type { JWK } from 'jose';
import { isB64Token } from '../token/token-grammar.js';
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

/** A method of client authentication at the introspection endpoint (RFC 6749, section 2.3; RFC 7523). */
export type ClientAuthenticationMethod = (typeof WITH_SECRET | typeof WITH_KEY)[number];

/** Checks the form of a private key. A later step checks that it can sign, since this takes time. */
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

/** Checks for a method that suits what the client has: a secret or a key. */
const IsMethodOfClient = constraint<{ privateKeyJwt?: unknown }>(
  'isMethodOfClient',
  (value, { privateKeyJwt }) => {
    const accepted: readonly string[] = privateKeyJwt === undefined ? WITH_SECRET : WITH_KEY;
    return accepted.includes(value as never) ? undefined : `must be one of: ${accepted.join(', ')}`;
  },
);

/** A bearer token, or a function that returns the current one. */
export type BearerTokenSource = string | (() => string | Promise<string>);

/** Checks the characters of a bearer token, so that it cannot add header fields to a request. */
const IsBearerToken = constraint('isBearerToken', (value) =>
  typeof value === 'function' || (typeof value === 'string' && isB64Token(value))
    ? undefined
    : 'must be a token without "Bearer" (letters, digits, "-._~+/", then "="), or a function that returns one',
);

/** The options that authorize the requests. Exactly one of them has to be given. */
const CREDENTIALS = ['clientSecret', 'privateKeyJwt', 'bearerToken'] as const;

/** Rejects a credential together with one that comes later in the list, so that a pair is reported once. */
const IsOnlyCredential = (own: (typeof CREDENTIALS)[number]) =>
  constraint<IntrospectionSettings>('isOnlyCredential', (_, owner) => {
    const later = CREDENTIALS.slice(CREDENTIALS.indexOf(own) + 1);
    const other = later.find((name) => owner[name] !== undefined);
    return other && `contradicts ${other}; remove one of the two`;
  })();

const OnlyWithoutBearerToken = () =>
  OnlyIf<IntrospectionSettings>(
    ({ bearerToken }) => bearerToken === undefined,
    'has no effect with bearerToken, because the client is not authenticated then; remove one of the two',
  );

/** The options for introspecting tokens at an authorization server (RFC 7662). */
export type IntrospectionOptions = Plain<IntrospectionSettings>;

/** The class that validates {@link IntrospectionOptions}. */
export class IntrospectionSettings {
  /** The client id of this application at the authorization server. Required, unless `bearerToken` is given. */
  @ValidateIf(
    ({ clientId, bearerToken }: IntrospectionSettings) =>
      clientId !== undefined || bearerToken === undefined,
  )
  @OnlyWithoutBearerToken()
  @IsNonEmptyString()
  clientId?: string;

  /**
   * The client secret. Give exactly one of `clientSecret`, `privateKeyJwt` and `bearerToken`. The
   * secret never appears in a message or a log.
   */
  @ValidateIf(
    (owner: IntrospectionSettings) =>
      owner.clientSecret !== undefined || CREDENTIALS.every((name) => owner[name] === undefined),
  )
  @IsOnlyCredential('clientSecret')
  @OnlyIf<IntrospectionSettings>(
    ({ clientSecret }) => clientSecret !== undefined,
    'is missing, and so are privateKeyJwt and bearerToken; give one of them. Is an environment variable not set?',
  )
  @IsNonEmptyString()
  clientSecret?: string;

  /** A key that signs an assertion for each request, instead of a secret. */
  @Optional()
  @IsOnlyCredential('privateKeyJwt')
  @Nested(() => PrivateKeyJwtSettings)
  privateKeyJwt?: PrivateKeyJwtOptions;

  /**
   * A bearer token that authorizes the requests, instead of client authentication (RFC 7662, section 2.1): the
   * token, or a function that returns it. The function is for a token that expires. It is called for
   * every request, so it should cache the token. If it throws, or returns no token within `fetchTimeout`, the
   * server counts as unavailable. The token never appears in a message or a log.
   *
   * The module does **not** renew a token. If the endpoint answers 401, it does **not** try another one.
   */
  @Optional()
  @IsBearerToken()
  bearerToken?: BearerTokenSource;

  /**
   * The method of client authentication. The module does **not** check that the metadata of the authorization
   * server names the method.
   *
   * @defaultValue `'client_secret_basic'`, or `'private_key_jwt'` with `privateKeyJwt`
   */
  @Optional()
  @OnlyWithoutBearerToken()
  @IsMethodOfClient()
  method?: ClientAuthenticationMethod;

  /**
   * The introspection endpoint: an absolute `https:` URL. `http:` is accepted on loopback, and with
   * `allowInsecureRequests`.
   *
   * @defaultValue the `introspection_endpoint` of the metadata
   */
  @Optional()
  endpoint?: string;

  /**
   * The number of seconds for which a response is cached, but never after the token's `exp`. A token that is
   * revoked during that time is still accepted. With 0, or with `tokenCache: false`, every request introspects
   * its token.
   *
   * @defaultValue 30
   */
  @Optional()
  @IsNumber({}, must.beZeroOrMore)
  @Min(0, must.beZeroOrMore)
  cacheTtl?: number;

  /**
   * The greatest number of in-flight requests to the endpoint. Beyond it, the server counts as unavailable.
   * The limit exists because untrusted clients can send any number of made-up tokens, and each causes
   * a request to the endpoint.
   *
   * @defaultValue 100
   */
  @Optional()
  @IsInt(must.beWholeAboveZero)
  @IsPositive(must.beWholeAboveZero)
  maxConcurrent?: number;
}

/** Returns `true` for a JWK that names its algorithm. */
function namesAlgorithm(key: unknown): boolean {
  const isObject = typeof key === 'object' && key !== null && Object.hasOwn(key, 'alg');
  return isObject && ASYMMETRIC_ALGORITHMS.includes((key as { alg: never }).alg);
}
