import { ArrayNotEmpty, IsArray } from 'class-validator';
import type { TokenVerifierOption } from '../token/token-verifier.js';
import { ClaimsSettings, type ClaimsOptions } from './claims.options.js';
import {
  ClientCertificateSettings,
  type ClientCertificateHeader,
} from './client-certificate.options.js';
import { AreOwnIssuers } from './constraints/are-own-issuers.js';
import { FitsProxyAssertion } from './constraints/is-proxy-assertion.js';
import { IsTokenVerifier } from './constraints/is-token-verifier.js';
import { usesTenantOnlyWithTenants } from './constraints/tenants.js';
import { IsNonEmptyString, IsTrueOrFalse } from './constraints/values.js';
import { DpopSettings, type DpopMode, type DpopOptions } from './dpop.options.js';
import { JwtSettings, type JwtOptions } from './jwt.options.js';
import { ProxyAssertionSettings, type ProxyAssertionOptions } from './proxy-assertion.options.js';
import { EachItem, OneOrMore } from './validation/each-item.js';
import { must } from './validation/must.js';
import { Nested } from './validation/nested.js';
import { OnlyIf } from './validation/only-if.js';
import { Optional } from './validation/optional.js';

/** The options of a protected resource that decide which tokens it accepts, and how they are verified. */
export abstract class AcceptedTokensSettings {
  /**
   * The accepted `aud` values, for a provider that does not support resource indicators (RFC 8707). A token must have
   * one of these values. Do **not** name an audience that tokens for other services also have. May contain `{tenant}`
   * if the resource identifier does.
   *
   * @defaultValue the resource identifier
   */
  @Optional()
  @OnlyIf<AcceptedTokensSettings>(
    ({ dangerouslySkipAudienceCheck }) => !dangerouslySkipAudienceCheck,
    'contradicts dangerouslySkipAudienceCheck; remove one of the two',
  )
  @OneOrMore(IsNonEmptyString())
  @OnlyIf(
    usesTenantOnlyWithTenants,
    'contains "{tenant}", but metadata.resource does not, so the resource has no tenants',
  )
  audience?: string | string[];

  /**
   * Accepts tokens with any audience. A service that receives a user's token from the same authorization
   * server can then act as that user here. Logs a warning at start-up.
   *
   * @defaultValue false
   */
  @Optional()
  @IsTrueOrFalse()
  dangerouslySkipAudienceCheck?: boolean;

  /** The options for verifying JWT access tokens. */
  @Optional()
  @Nested(() => JwtSettings)
  jwt?: JwtOptions;

  /**
   * The claims to read, for a provider that names them differently. The `claims` of an authorization server
   * override these.
   */
  @Optional()
  @Nested(() => ClaimsSettings)
  claims?: ClaimsOptions;

  /**
   * Your own verifier: a function, or an injectable class that extends {@link TokenVerifier}. The issuer, the audience,
   * the expiry and the scopes that it returns are still checked. The verifier gets every token, and its results are not
   * cached.
   *
   * An array has verifiers for several kinds of tokens, such as `[ApiKeyVerifier, JwtTokenVerifier]`. The first
   * verifier whose `recognizes` returns `true` decides on the token: if it rejects the token, no other verifier is
   * asked. A function, and a class without `recognizes`, recognizes every token, so it must be the last. In an array,
   * the tokens of {@link JwtTokenVerifier} and {@link IntrospectionTokenVerifier} are cached.
   *
   * @defaultValue {@link JwtTokenVerifier}, and {@link IntrospectionTokenVerifier} for other tokens if an
   * authorization server has the option `introspection`
   */
  @Optional()
  @IsTokenVerifier()
  tokenVerifier?: TokenVerifierOption;

  /**
   * The issuers, besides the authorization servers, that your own verifiers may return, for tokens that this
   * application issues itself, such as the resource identifier for API keys. They are not published, and nothing is
   * fetched for them, so they need not be URLs. A JWT or an introspection response that names such an issuer is
   * rejected. May contain `{tenant}` if the resource identifier does.
   *
   * @defaultValue none
   */
  @Optional()
  @OnlyIf<AcceptedTokensSettings>(
    ({ tokenVerifier }) => tokenVerifier !== undefined,
    'has no effect without "tokenVerifier", since only your own verifiers may return these issuers; remove it',
  )
  @IsArray(must.beAnArray)
  @ArrayNotEmpty(must.notBeEmpty)
  @EachItem(IsNonEmptyString())
  @AreOwnIssuers()
  ownIssuers?: string[];

  /**
   * The acceptance of DPoP-bound access tokens (RFC 9449), next to Bearer tokens or instead of them, and the checks of
   * their proofs. The metadata and the challenges announce DPoP automatically. A bound token that is sent as a Bearer
   * token is rejected in every mode.
   *
   * @defaultValue `'off'`
   */
  @Optional()
  @Nested(() => DpopSettings, {
    expand: (given) => (typeof given === 'string' ? { mode: given } : given),
  })
  dpop?: DpopMode | DpopOptions;

  /**
   * The place of the client's certificate, for access tokens that are bound to a certificate (RFC 8705). `'tls'` reads
   * it from the TLS connection to this server. An object names a header field of a trusted proxy. A bound token is
   * rejected without its certificate. Other tokens are accepted with and without a certificate.
   *
   * @defaultValue tokens that are bound to a certificate are rejected
   */
  @Optional()
  @Nested(() => ClientCertificateSettings, {
    expand: (given) => (given === 'tls' ? {} : given),
  })
  clientCertificate?: 'tls' | ClientCertificateHeader;

  /**
   * The acceptance of the JWT in which a proxy, such as Cloudflare Access or Google IAP, names the user who has logged
   * in there. The JWT is verified only with the keys, the issuer and the audience of that proxy. An access token is
   * **not** accepted in its header field, and the JWT is not accepted in `Authorization`. A request with both tokens is
   * rejected with 400. `dpop` and `clientCertificate` do **not** apply to the JWT.
   *
   * A browser that is logged in at the proxy sends the JWT with the requests of any page. So a request with the JWT is
   * rejected with 403 if its `Origin` is neither the resource's own nor one of `allowedOrigins`. A request without
   * `Origin`, such as a link to a `GET` route, is **not** checked.
   *
   * @defaultValue no such JWT is accepted
   *
   * @experimental It may change in any version.
   */
  @Optional()
  @Nested(() => ProxyAssertionSettings)
  @FitsProxyAssertion()
  proxyAssertion?: ProxyAssertionOptions;
}
