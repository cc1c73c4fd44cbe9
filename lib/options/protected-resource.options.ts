import { ArrayNotEmpty, IsArray, IsIn, Matches, ValidateIf } from 'class-validator';
import type { ScopeHierarchyOptions } from '../scope/scope-hierarchy.js';
import { AcceptedTokensSettings } from './accepted-tokens.options.js';
import {
  ProtectedResourceMetadataSettings,
  type ProtectedResourceMetadataOptions,
} from './protected-resource-metadata.options.js';
import type { Plain } from './plain.js';
import type { TenantsOption } from './tenants.options.js';
import { CanMirrorServer } from './constraints/can-mirror-server.js';
import { IsHost, isDevelopment, isLocalResource } from './constraints/development-hosts.js';
import { AreTrustedIssuers, needsPublishedIssuers } from './constraints/are-published-issuers.js';
import { IsPublishedMetadata } from './constraints/is-published-metadata.js';
import { IsScopeHierarchy } from './constraints/is-scope-hierarchy.js';
import { IsScopePrefix } from './constraints/is-scope-prefix.js';
import { hasNoTenants, hasTenants, IsTenants, KeepTenantsApart } from './constraints/tenants.js';
import {
  HasNoQuery,
  IsIssuer,
  IsResourceUrl,
  IsTenantPath,
  IsWebOrigin,
} from './constraints/urls.js';
import { IsTrueOrFalse } from './constraints/values.js';
import { EachItem } from './validation/each-item.js';
import { must } from './validation/must.js';
import { Nested } from './validation/nested.js';
import { OnlyIf } from './validation/only-if.js';
import { Optional } from './validation/optional.js';

/** A protected resource: its published metadata, and the tokens that it accepts. */
export type ProtectedResourceOptions = Plain<ProtectedResourceSettings>;

/** The class that validates {@link ProtectedResourceOptions}. */
export class ProtectedResourceSettings extends AcceptedTokensSettings {
  static readonly memberIs = 'an option of the protected resource';

  /** The published metadata of the resource (RFC 9728). */
  @Nested(() => ProtectedResourceMetadataSettings)
  @IsPublishedMetadata()
  metadata!: ProtectedResourceMetadataOptions;

  /**
   * The URL of the metadata document that challenges name. Set it if clients cannot reach the well-known URL, such as
   * behind an ingress that routes only a prefix: `https://example.com/api/metadata`. The document is then served at
   * both URLs. Not available with tenants.
   *
   * @defaultValue the well-known URL (RFC 9728, section 3.1)
   */
  @Optional()
  @IsResourceUrl()
  @HasNoQuery()
  @OnlyIf(hasNoTenants, 'has no effect with "{tenant}" in metadata.resource; remove it')
  metadataUrl?: string;

  /**
   * The path at which requests for `metadataUrl` arrive, if a proxy changes the path, such as by removing a prefix.
   *
   * @defaultValue the path of `metadataUrl`
   */
  @Optional()
  @OnlyIf<ProtectedResourceSettings>(
    ({ metadataUrl }) => metadataUrl !== undefined,
    'has no effect without "metadataUrl"; remove it',
  )
  @Matches(/^(?:\/[A-Za-z0-9._~-]+)+$/, {
    message: 'must be a path, such as "/metadata", with nothing percent-encoded',
  })
  metadataPath?: string;

  /**
   * Set it to publish the document of a resource with a path at `/.well-known/oauth-protected-resource` too, for
   * clients that look only there. RFC 9728 does **not** provide for it. Only one resource of the application
   * can set it, even if the resources have different hosts.
   *
   * @defaultValue false
   */
  @Optional()
  @IsTrueOrFalse()
  @OnlyIf(hasNoTenants, 'has no effect with "{tenant}" in metadata.resource; remove it')
  metadataAtRoot?: boolean;

  /**
   * Set it to publish the metadata document of the authorization server at `/.well-known/oauth-authorization-server` of
   * this application too, for clients that look only at the origin of the resource, as MCP 2025-03-26 did. The document
   * is fetched from the authorization server and cached. It is published as it is, without the changes of
   * `transformMetadata`, so its `issuer` is **not** the URL at which these clients found it. RFC 8414, section 3.3,
   * forbids clients to use such a document, and most clients do not use it. Only one resource of the application can
   * set it, with exactly one authorization server.
   *
   * @defaultValue false
   */
  @Optional()
  @IsTrueOrFalse()
  @OnlyIf(hasNoTenants, 'has no effect with "{tenant}" in metadata.resource; remove it')
  @CanMirrorServer()
  legacyDiscovery?: boolean;

  /**
   * The issuers that are published as the authorization servers of the resource (RFC 9728). Clients log in there.
   * Required if `metadata.authorizationServers` is only a resolver, since its issuers cannot be listed, unless
   * `tenants` is a function. An empty array publishes no issuer. Clients must then know by themselves where to log in,
   * which MCP clients do not.
   *
   * @defaultValue the issuers that `metadata.authorizationServers` names
   */
  @ValidateIf(
    (resource: ProtectedResourceSettings, value) =>
      value !== undefined || needsPublishedIssuers(resource),
  )
  @OnlyIf<ProtectedResourceSettings>(
    ({ publishedIssuers }) => publishedIssuers !== undefined,
    'must name the issuers at which clients can log in, since metadata.authorizationServers is a resolver, which cannot be listed; an empty array publishes no issuer',
  )
  @IsArray(must.beAnArray)
  @EachItem(IsIssuer())
  @AreTrustedIssuers()
  publishedIssuers?: string[];

  /**
   * The tenants: their names, or a function. Requests for any other tenant are answered with 404, and no
   * metadata is published for it.
   *
   * @defaultValue none; required if `metadata.resource` contains `{tenant}`
   *
   * @experimental It may change in any version.
   */
  @ValidateIf(
    (resource: ProtectedResourceSettings, value) => value !== undefined || hasTenants(resource),
  )
  @OnlyIf(
    hasTenants,
    'has no effect without "{tenant}" in metadata.resource; add "{tenant}" there, or leave this out',
  )
  @OnlyIf<ProtectedResourceSettings>(
    ({ tenants }) => tenants !== undefined,
    'must name the tenants, since metadata.resource contains "{tenant}"; give an array of names, or a function',
  )
  @IsTenants()
  @KeepTenantsApart()
  tenants?: TenantsOption;

  /**
   * The path at which requests arrive, such as `'/internal/{tenant}/mcp'`, if a proxy changes the path of
   * `metadata.resource`. The tenant is read from request paths that equal this path or continue it.
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

  /**
   * The narrower scopes that each broad scope implies, transitively. With
   * `{ notes: ['read:notes', 'write:notes'] }`, a token with `notes` meets the requirement `read:notes`.
   * Challenges name the narrow scopes that an operation requires.
   *
   * @defaultValue no scope implies another
   */
  @Optional()
  @IsScopeHierarchy()
  scopeHierarchy?: ScopeHierarchyOptions;

  /**
   * The text that clients put before the name of a scope when they request the scope, such as `api://<application id>/`
   * at Microsoft Entra ID. Challenges and `scopes_supported` of the metadata then name scopes with this prefix. Tokens,
   * decorators and all other options name scopes without it: a token with the long name does **not** have the scope.
   * The scopes of OpenID Connect, such as `openid`, never get the prefix. It is one prefix for all authorization
   * servers of the resource. May contain `{tenant}` if the resource identifier does.
   *
   * @defaultValue no prefix: clients request scopes by the names that tokens have
   */
  @Optional()
  @IsScopePrefix()
  scopePrefix?: string;

  /**
   * The scopes that the challenge of a 403 names. `'required'` names only the scopes that the operation requires.
   * Clients of MCP 2026-07-28 also request the scopes that they have already, so they lose no scope.
   * `'requiredAndGranted'` also names scopes that the token has, for clients that request exactly what the challenge
   * names. Of the token's scopes, it names only those that a handler of the resource requires, or that
   * `scopesSupported` or `scopeHierarchy` names. Whoever presents a valid token then learns these scopes of the token.
   * A 401 never names them.
   *
   * @defaultValue `'required'` (RFC 6750, section 3.1)
   */
  @Optional()
  @IsIn(['required', 'requiredAndGranted'], must.beOneOf)
  challengeScopes?: 'required' | 'requiredAndGranted';

  /**
   * The origins, besides the resource's own, whose pages may call its MCP endpoints, such as `https://app.example.com`.
   * `'*'` allows all origins. A request with another origin is answered with 403. Requests without an `Origin` header,
   * which programs send, are **not** checked. This option does **not** set CORS headers: use `enableCors` for that.
   *
   * @defaultValue none; for a resource on loopback, every origin on loopback
   */
  @ValidateIf((_, value) => value !== undefined && value !== '*')
  @IsArray(must.beAnArray)
  @EachItem(IsWebOrigin())
  allowedOrigins?: string[] | '*';

  /**
   * The host names under which the resource is called while you develop it, such as `host.docker.internal`, the
   * name of a compose service, or an address of your local network. On these hosts, `metadata.resource` and the
   * other URLs of the resource may use `http:`, and tokens can be **read by anyone on the network**. The check
   * against DNS rebinding accepts these hosts, and pages on them may call the MCP endpoints. The application
   * does not start unless `NODE_ENV` is `development` or `test`. Logs a warning at start-up.
   *
   * @defaultValue none: `http:` is accepted only for a loopback host
   */
  @Optional()
  @OnlyIf(
    isDevelopment,
    'is only for development, but NODE_ENV is neither "development" nor "test"; remove it, and put a proxy with a certificate before the application',
  )
  @IsArray(must.beAnArray)
  @ArrayNotEmpty({ message: 'must contain at least one host' })
  @EachItem(IsHost())
  @OnlyIf(
    isLocalResource,
    'has no effect, since metadata.resource is neither on this machine nor an http: URL with one of these hosts; remove it, or add its host',
  )
  developmentHosts?: string[];
}
