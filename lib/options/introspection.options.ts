import { IsInt, IsNumber, IsPositive, Min, ValidateIf } from 'class-validator';
import { isB64Token } from '../token/token-grammar.js';
import { certificateIn } from './constraints/certificates.js';
import { IsNonEmptyString, IsTrueOrFalse } from './constraints/values.js';
import type { Plain } from './plain.js';
import { PrivateKeyJwtSettings, type PrivateKeyJwtOptions } from './private-key-jwt.options.js';
import { TlsClientAuthSettings, type TlsClientAuthOptions } from './tls-client-auth.options.js';
import { constraint } from './validation/constraint.js';
import { must } from './validation/must.js';
import { Nested } from './validation/nested.js';
import { OnlyIf } from './validation/only-if.js';
import { Optional } from './validation/optional.js';

/** The methods of client authentication, by the option with the client's credential. The first is the default. */
const METHODS = {
  clientSecret: ['client_secret_basic', 'client_secret_post'],
  privateKeyJwt: ['private_key_jwt'],
  tlsClientAuth: ['tls_client_auth', 'self_signed_tls_client_auth'],
} as const;

/**
 * A method of client authentication at the introspection endpoint (RFC 6749, section 2.3; RFC 7523; RFC 8705,
 * section 2).
 */
export type ClientAuthenticationMethod = (typeof METHODS)[keyof typeof METHODS][number];

/** Checks for a method that suits the credential of the client. */
const IsMethodOfClient = constraint<IntrospectionSettings>('isMethodOfClient', (value, owner) => {
  const others = ['privateKeyJwt', 'tlsClientAuth'] as const;
  const credential = others.find((name) => owner[name] !== undefined) ?? 'clientSecret';
  const accepted: readonly unknown[] = METHODS[credential];
  return accepted.includes(value) ? undefined : `must be one of: ${accepted.join(', ')}`;
});

/** A bearer token, or a function that returns the current token. */
export type BearerTokenSource = string | (() => string | Promise<string>);

/** Checks the characters of a bearer token, so that it cannot add header fields to a request. */
const IsBearerToken = constraint('isBearerToken', (value) =>
  typeof value === 'function' || (typeof value === 'string' && isB64Token(value))
    ? undefined
    : 'must be a token without "Bearer" (letters, digits, "-._~+/", then "="), or a function that returns such a token',
);

/** The options that authorize the requests. Exactly one of these options has to be given. */
const CREDENTIALS = ['clientSecret', 'privateKeyJwt', 'tlsClientAuth', 'bearerToken'] as const;

/**
 * Rejects a credential together with another credential that comes later in the list, so that a pair is reported once.
 */
const IsOnlyCredential = (own: (typeof CREDENTIALS)[number]) =>
  constraint<IntrospectionSettings>('isOnlyCredential', (_, owner) => {
    const later = CREDENTIALS.slice(CREDENTIALS.indexOf(own) + 1);
    const other = later.find((name) => owner[name] !== undefined);
    return other && `contradicts ${other}; remove one of the two`;
  })();

/**
 * Rejects an expired certificate, unless it is self-signed. An authorization server has to validate the chain of
 * any other certificate (RFC 8705, section 2.1).
 */
const IsNotExpired = constraint<IntrospectionSettings>('isNotExpired', (value, { method }) => {
  const { validTo = '' } = certificateIn((value as TlsClientAuthSettings | null)?.cert) ?? {};
  return method !== 'self_signed_tls_client_auth' && Date.parse(validTo) < Date.now()
    ? `has a certificate that expired (${validTo}); renew it`
    : undefined;
});

const OnlyWithoutBearerToken = () =>
  OnlyIf<IntrospectionSettings>(
    ({ bearerToken }) => bearerToken === undefined,
    'has no effect with bearerToken, because the client is not authenticated then; remove one of the two',
  );

/** The options for introspecting tokens at an authorization server (RFC 7662). */
export type IntrospectionOptions = Plain<IntrospectionSettings>;

/** The class that validates {@link IntrospectionOptions}. */
export class IntrospectionSettings {
  /**
   * The client id of this application at the authorization server. Required, unless `bearerToken` is given. With
   * `bearerToken` it is not sent, but may name this application in the `aud` of a signed response.
   */
  @ValidateIf(
    ({ clientId, bearerToken }: IntrospectionSettings) =>
      clientId !== undefined || bearerToken === undefined,
  )
  @OnlyIf<IntrospectionSettings>(
    ({ bearerToken, signedResponse }) => bearerToken === undefined || signedResponse === true,
    'has no effect with bearerToken, unless signedResponse is true; remove one of the two',
  )
  @IsNonEmptyString()
  clientId?: string;

  /**
   * The client secret. Give exactly one of `clientSecret`, `privateKeyJwt`, `tlsClientAuth` and `bearerToken`.
   * The secret never appears in a message or a log.
   */
  @ValidateIf(
    (owner: IntrospectionSettings) =>
      owner.clientSecret !== undefined || CREDENTIALS.every((name) => owner[name] === undefined),
  )
  @IsOnlyCredential('clientSecret')
  @OnlyIf<IntrospectionSettings>(
    ({ clientSecret }) => clientSecret !== undefined,
    'is missing, and so are privateKeyJwt, tlsClientAuth and bearerToken; give one of them. Is an environment variable not set?',
  )
  @IsNonEmptyString()
  clientSecret?: string;

  /** A key that signs an assertion for each request, instead of a secret. */
  @Optional()
  @IsOnlyCredential('privateKeyJwt')
  @Nested(() => PrivateKeyJwtSettings)
  privateKeyJwt?: PrivateKeyJwtOptions;

  /**
   * A certificate that the client presents in the TLS handshake with the endpoint, instead of a secret (RFC
   * 8705, section 2). The endpoint must then have an `https:` URL. The certificate is presented to **no**
   * other URL, and to no proxy. It does not work together with `network.fetch`.
   */
  @Optional()
  @IsOnlyCredential('tlsClientAuth')
  @IsNotExpired()
  @Nested(() => TlsClientAuthSettings)
  tlsClientAuth?: TlsClientAuthOptions;

  /**
   * A bearer token that authorizes the requests, instead of client authentication (RFC 7662, section 2.1): the
   * token, or a function that returns it. The function is for a token that expires. It is called for
   * every request, so it should cache the token. If it throws, or returns no token within `fetchTimeout`, the
   * server counts as unavailable. The token never appears in a message or a log.
   *
   * The module does **not** renew a token. If the endpoint answers 401, it does **not** try another token.
   */
  @Optional()
  @IsBearerToken()
  bearerToken?: BearerTokenSource;

  /**
   * The method of client authentication. The module does **not** check that the metadata of the authorization
   * server names the method. With `tlsClientAuth`, both methods send the same request.
   *
   * @defaultValue `'client_secret_basic'`, `'private_key_jwt'` with `privateKeyJwt`, or `'tls_client_auth'` with
   * `tlsClientAuth`
   */
  @Optional()
  @OnlyWithoutBearerToken()
  @IsMethodOfClient()
  method?: ClientAuthenticationMethod;

  /**
   * The introspection endpoint: an absolute `https:` URL. `http:` is accepted on loopback, and with
   * `allowInsecureRequests`.
   *
   * @defaultValue the `introspection_endpoint` of the metadata; with `tlsClientAuth`, that of its
   * `mtls_endpoint_aliases`, if it is there (RFC 8705, section 5)
   */
  @Optional()
  endpoint?: string;

  /**
   * Requires signed responses (RFC 9701). The request then asks for `application/token-introspection+jwt`. A response
   * is accepted only if a key of this authorization server has signed it within the last minute, with one of
   * `jwt.algorithms`, and its `aud` is `clientId` or an accepted audience of the resource. With any other response, the
   * guard answers 503.
   *
   * A signature protects a response where TLS ends before this application, such as at a proxy. It does **not**
   * say which token the response is about. Encrypted responses are not supported.
   *
   * @defaultValue false: JSON, which is trusted because it came over TLS
   */
  @Optional()
  @IsTrueOrFalse()
  signedResponse?: boolean;

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
