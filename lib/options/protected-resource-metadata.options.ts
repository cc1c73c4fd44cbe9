import { ArrayNotEmpty, IsArray, IsIn } from 'class-validator';
import {
  expandServer,
  settingsTypeOf,
  type AuthorizationServersOption,
} from './authorization-server-resolver.js';
import { AreAuthorizationServers } from './constraints/are-authorization-servers.js';
import { IsResourceIdentifier, IsResourceUrl } from './constraints/urls.js';
import { IsNonEmptyString, IsScope, IsTrueOrFalse } from './constraints/values.js';
import type { Plain } from './plain.js';
import { EachItem } from './validation/each-item.js';
import { must } from './validation/must.js';
import { Nested } from './validation/nested.js';
import { Optional } from './validation/optional.js';

/**
 * The published metadata of a protected resource (RFC 9728, section 2), in camelCase.
 *
 * A human-readable field may be given in several languages, as in `'resourceName#fr'`. Fields that are not
 * listed here are published unchanged.
 */
export type ProtectedResourceMetadataOptions = Plain<ProtectedResourceMetadataSettings>;

/** The class that validates {@link ProtectedResourceMetadataOptions}. */
export class ProtectedResourceMetadataSettings {
  /** Unknown keys are accepted: they are published as extension fields. */
  static readonly extensible = true;
  static readonly memberIs = 'what is published about the resource';

  /**
   * The resource identifier, usually the URL that clients use: an absolute `https:` URL without fragment
   * (`http:` on loopback). It is compared and published exactly as written. Only a lone trailing `/` after an
   * origin is dropped.
   *
   * If a segment of its path is `{tenant}`, each of the `tenants` has a resource of its own, with its own
   * metadata document and audience.
   */
  @IsResourceIdentifier()
  resource!: string;

  /**
   * The authorization servers that may issue tokens for this resource. At least one.
   *
   * Instead of the list, or as its last item, you can give a resolver, which decides if an issuer is trusted. A
   * resolver is a function, or an injectable class that extends {@link AuthorizationServerResolver}. The resolver is
   * never called for the servers of the list. The servers of the list are published, unless you set `publishedIssuers`.
   *
   * If `resource` contains `{tenant}`, an issuer may contain `{tenant}` as a segment of its path, and a `metadataUrl`
   * anywhere. The list may be empty if `tenants` returns the authorization servers of each tenant.
   */
  @Nested(settingsTypeOf, { many: true, expand: expandServer })
  @AreAuthorizationServers()
  authorizationServers!: AuthorizationServersOption;

  /** The scopes that a client may request. Leave out `offline_access`: no resource needs it. */
  @Optional()
  @IsArray(must.beAnArray)
  @EachItem(IsScope())
  scopesSupported?: string[];

  /**
   * The ways in which a client may send its token. Only the `Authorization` header is read.
   *
   * @defaultValue `['header']`
   */
  @Optional()
  @IsArray(must.beAnArray)
  @ArrayNotEmpty({ message: 'must contain "header", which is always supported' })
  @EachItem(IsIn(['header'], must.beOneOf))
  bearerMethodsSupported?: 'header'[];

  /** The URL of the JWK Set of the *resource*, for responses that it signs. */
  @Optional()
  @IsResourceUrl()
  jwksUri?: string;

  /** The JWS algorithms with which the resource signs responses. */
  @Optional()
  @IsArray(must.beAnArray)
  @EachItem(IsNonEmptyString())
  resourceSigningAlgValuesSupported?: string[];

  /** The name of the resource that is shown to users. */
  @Optional()
  @IsNonEmptyString()
  resourceName?: string;

  /** The URL of a page for developers. */
  @Optional()
  @IsResourceUrl()
  resourceDocumentation?: string;

  /** The URL of a page about how clients may use the data. */
  @Optional()
  @IsResourceUrl()
  resourcePolicyUri?: string;

  /** The URL of the terms of service. */
  @Optional()
  @IsResourceUrl()
  resourceTosUri?: string;

  /**
   * `true` if tokens bound to a client certificate are supported (RFC 8705). Leave it out: the option
   * `clientCertificate` sets it.
   */
  @Optional()
  @IsTrueOrFalse()
  tlsClientCertificateBoundAccessTokens?: boolean;

  /** The supported types of `authorization_details` (RFC 9396). */
  @Optional()
  @IsArray(must.beAnArray)
  @EachItem(IsNonEmptyString())
  authorizationDetailsTypesSupported?: string[];

  /** The accepted JWS algorithms of DPoP proofs (RFC 9449). Leave it out: the option `dpop` sets it. */
  @Optional()
  @IsArray(must.beAnArray)
  @EachItem(IsNonEmptyString())
  dpopSigningAlgValuesSupported?: string[];

  /** `true` if only DPoP-bound tokens are accepted (RFC 9449). Leave it out: the option `dpop` sets it. */
  @Optional()
  @IsTrueOrFalse()
  dpopBoundAccessTokensRequired?: boolean;

  /** The metadata as a JWT signed by the resource (RFC 9728, section 2.2). */
  @Optional()
  @IsNonEmptyString()
  signedMetadata?: string;

  [extension: string]: unknown;
}
