import type { Type } from '@nestjs/common';
import { IsArray, ValidateIf } from 'class-validator';
import type { ScopeHierarchyOptions } from '../scope/scope-hierarchy.js';
import type { TokenVerifier, VerifyToken } from '../token/token-verifier.js';
import { ClaimsSettings, type ClaimsOptions } from './claims.options.js';
import {
  ClientCertificateSettings,
  type ClientCertificateHeader,
} from './client-certificate.options.js';
import { DpopSettings, type DpopMode, type DpopOptions } from './dpop.options.js';
import { JwtSettings, type JwtOptions } from './jwt.options.js';
import {
  ProtectedResourceMetadataSettings,
  type ProtectedResourceMetadataOptions,
} from './protected-resource-metadata.options.js';
import type { Plain } from './plain.js';
import type { TenantsOption } from './tenants.options.js';
import { AreTrustedIssuers, needsPublishedIssuers } from './constraints/are-published-issuers.js';
import { IsPublishedMetadata } from './constraints/is-published-metadata.js';
import { IsScopeHierarchy } from './constraints/is-scope-hierarchy.js';
import { IsTokenVerifier } from './constraints/is-token-verifier.js';
import {
  hasTenantOnlyForTenants,
  hasTenants,
  IsTenants,
  KeepTenantsApart,
} from './constraints/tenants.js';
import { IsIssuer, IsTenantPath, IsWebOrigin } from './constraints/urls.js';
import { IsNonEmptyString, IsTrueOrFalse } from './constraints/values.js';
import { EachItem, OneOrMore } from './validation/each-item.js';
import { must } from './validation/must.js';
import { Nested } from './validation/nested.js';
import { OnlyIf } from './validation/only-if.js';
import { Optional } from './validation/optional.js';

/** A protected resource: what is published about it, and which tokens it accepts. */
export type ProtectedResourceOptions = Plain<ProtectedResourceSettings>;

/** The class that {@link ProtectedResourceOptions} are validated as. */
export class ProtectedResourceSettings {
  static readonly memberIs = 'an option of the protected resource';

  /** What is published about the resource (RFC 9728). */
  @Nested(() => ProtectedResourceMetadataSettings)
  @IsPublishedMetadata()
  metadata!: ProtectedResourceMetadataOptions;

  /**
   * The accepted `aud` values, one of which a token must hold, for a provider without resource
   * indicators (RFC 8707). Never name an audience that tokens for other services have too. May hold
   * `{tenant}` where the resource identifier does.
   *
   * @defaultValue the resource identifier
   */
  @Optional()
  @OnlyIf<ProtectedResourceSettings>(
    ({ dangerouslySkipAudienceCheck }) => !dangerouslySkipAudienceCheck,
    'contradicts dangerouslySkipAudienceCheck; remove one of the two',
  )
  @OneOrMore(IsNonEmptyString())
  @OnlyIf(
    hasTenantOnlyForTenants,
    'holds "{tenant}", which metadata.resource does not hold: there are no tenants',
  )
  audience?: string | string[];

  /**
   * Accepts tokens meant for any recipient. Any service that a user gives a token of the same
   * authorization server to can then act as that user here. Logs a warning at start-up.
   *
   * @defaultValue false
   */
  @Optional()
  @IsTrueOrFalse()
  dangerouslySkipAudienceCheck?: boolean;

  /**
   * The issuers that are published as the authorization servers of the resource (RFC 9728), for clients to
   * log in at. Needed where `metadata.authorizationServers` is a resolver alone, which cannot be listed;
   * an empty array publishes none, and is for clients that know where to log in: those of MCP do not.
   *
   * @defaultValue those that `metadata.authorizationServers` names
   */
  @ValidateIf(
    (resource: ProtectedResourceSettings, value) =>
      value !== undefined || needsPublishedIssuers(resource),
  )
  @OnlyIf<ProtectedResourceSettings>(
    ({ publishedIssuers }) => publishedIssuers !== undefined,
    'must name the issuers at which clients can log in, since metadata.authorizationServers is a resolver, which cannot be listed; an empty array publishes none',
  )
  @IsArray(must.beAnArray)
  @EachItem(IsIssuer())
  @AreTrustedIssuers()
  publishedIssuers?: string[];

  /**
   * Which tenants there are, where `metadata.resource` holds `{tenant}`: their names, or a function. For
   * others there is no document, and their requests are answered with 404.
   *
   * @defaultValue none; required where there is `{tenant}`
   *
   * @experimental It may change in any version.
   */
  @ValidateIf(
    (resource: ProtectedResourceSettings, value) => value !== undefined || hasTenants(resource),
  )
  @OnlyIf(
    hasTenants,
    'has no effect without "{tenant}" in metadata.resource; add that, or leave this out',
  )
  @OnlyIf<ProtectedResourceSettings>(
    ({ tenants }) => tenants !== undefined,
    'must say which tenants there are, since metadata.resource holds "{tenant}": their names in an array, or a function',
  )
  @IsTenants()
  @KeepTenantsApart()
  tenants?: TenantsOption;

  /**
   * The path at which requests arrive, where it is not that of `metadata.resource`, such as behind a
   * proxy that changes it: `'/internal/{tenant}/mcp'`. The tenant is read from a path that is this one, or
   * goes on from it.
   *
   * @defaultValue the path of `metadata.resource`
   *
   * @experimental It may change in any version.
   */
  @Optional()
  @OnlyIf<ProtectedResourceSettings>(
    ({ tenants }) => tenants !== undefined,
    'has no effect without "tenants"; remove it',
  )
  @IsTenantPath()
  tenantPath?: string;

  /** How JWT access tokens are verified. */
  @Optional()
  @Nested(() => JwtSettings)
  jwt?: JwtOptions;

  /**
   * How the claims of a provider are read that has names of its own for them. An authorization
   * server's own `claims` take the place of these.
   */
  @Optional()
  @Nested(() => ClaimsSettings)
  claims?: ClaimsOptions;

  /**
   * Whether DPoP-bound access tokens (RFC 9449) are accepted, beside Bearer tokens or instead of them;
   * and how proofs are checked. The metadata and the challenges say so by themselves. A bound token that
   * is presented as a Bearer token is refused whatever stands here.
   *
   * @defaultValue `'off'`
   */
  @Optional()
  @Nested(() => DpopSettings, {
    expand: (given) => (typeof given === 'string' ? { mode: given } : given),
  })
  dpop?: DpopMode | DpopOptions;

  /**
   * Where the certificate of the client is found, for access tokens that are bound to one (RFC 8705):
   * in the TLS connection to this server, or in a header field of a proxy that is trusted. Such a token
   * is refused without the certificate, and always where this option is left out. Other tokens are
   * accepted with and without a certificate.
   *
   * @defaultValue tokens that are bound to a certificate are refused
   */
  @Optional()
  @Nested(() => ClientCertificateSettings, {
    expand: (given) => (given === 'tls' ? {} : given),
  })
  clientCertificate?: 'tls' | ClientCertificateHeader;

  /**
   * Which narrower scopes a broad scope implies, transitively: with
   * `{ notes: ['read:notes', 'write:notes'] }` a token with `notes` may do what needs `read:notes`.
   * Challenges name the narrow scopes that an operation asks for.
   *
   * @defaultValue no scope implies another
   */
  @Optional()
  @IsScopeHierarchy()
  scopeHierarchy?: ScopeHierarchyOptions;

  /**
   * The origins whose pages may call the MCP endpoints of this resource, such as
   * `https://app.example.com`, besides its own; `'*'` for all. A request without an `Origin` header, as
   * programs send them, is not concerned; one with another origin is answered 403. It does not set CORS
   * headers: that is `enableCors`.
   *
   * @defaultValue none; for a resource on loopback, every origin on loopback
   */
  @ValidateIf((_, value) => value !== undefined && value !== '*')
  @IsArray(must.beAnArray)
  @EachItem(IsWebOrigin())
  allowedOrigins?: string[] | '*';

  /**
   * A verifier of your own: a function, or an injectable class that extends {@link TokenVerifier}.
   * Issuer, audience, expiry and scopes of what it returns are still checked.
   *
   * @defaultValue {@link JwtTokenVerifier}, and {@link IntrospectionTokenVerifier} for other tokens where
   * an authorization server has the option `introspection`
   */
  @Optional()
  @IsTokenVerifier()
  tokenVerifier?: VerifyToken | Type<TokenVerifier>;
}
