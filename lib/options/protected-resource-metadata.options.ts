import { ArrayNotEmpty, IsArray, IsIn } from 'class-validator';
import {
  expandServer,
  settingsTypeOf,
  type AuthorizationServersOption,
} from './authorization-server-resolver.js';
import { AreAuthorizationServers } from './constraints/are-authorization-servers.js';
import { IsResourceIdentifier, IsSecureUrl } from './constraints/urls.js';
import { IsNonEmptyString, IsScope, IsTrueOrFalse } from './constraints/values.js';
import type { Plain } from './plain.js';
import { EachItem } from './validation/each-item.js';
import { must } from './validation/must.js';
import { Nested } from './validation/nested.js';
import { Optional } from './validation/optional.js';

/**
 * What is published about a protected resource (RFC 9728, section 2), in camelCase.
 *
 * A human-readable field may be given in several languages: `'resourceName#fr'`. Fields that are
 * not listed here are published as they are.
 */
export type ProtectedResourceMetadataOptions = Plain<ProtectedResourceMetadataSettings>;

/** The class that {@link ProtectedResourceMetadataOptions} are validated as. */
export class ProtectedResourceMetadataSettings {
  /** Extension fields are published, so unknown keys are not refused. */
  static readonly extensible = true;
  static readonly memberIs = 'what is published about the resource';

  /**
   * The resource identifier: an absolute `https:` URL without fragment (`http:` on loopback), most
   * often the URL that clients are given. It is compared and published exactly as written, but for
   * a lone trailing `/` on an origin, which is dropped.
   *
   * With `{tenant}` as a segment of its path, there is such a resource for each of the `tenants`, with
   * a document and an audience of its own.
   */
  @IsResourceIdentifier()
  resource!: string;

  /**
   * The authorization servers that may issue tokens for this resource; at least one. Instead of a list, or
   * as the last of it: a function, or an injectable class that extends {@link AuthorizationServerResolver},
   * that says of an issuer whether it is trusted. Those of the list are published, unless
   * `publishedIssuers` says otherwise, and never asked about.
   *
   * Where `resource` holds `{tenant}`, so may an issuer, as a segment of its path, and a `metadataUrl`. The
   * list may be empty where `tenants` answers the authorization servers of each tenant.
   */
  @Nested(settingsTypeOf, { many: true, expand: expandServer })
  @AreAuthorizationServers()
  authorizationServers!: AuthorizationServersOption;

  /** Scopes a client may ask for. Leave `offline_access` out: no resource needs it. */
  @Optional()
  @IsArray(must.beAnArray)
  @EachItem(IsScope())
  scopesSupported?: string[];

  /**
   * How a token may be presented. Only the `Authorization` header is read.
   *
   * @defaultValue `['header']`
   */
  @Optional()
  @IsArray(must.beAnArray)
  @ArrayNotEmpty({ message: 'must hold "header", which is always supported' })
  @EachItem(IsIn(['header'], must.beOneOf))
  bearerMethodsSupported?: 'header'[];

  /** The JWK Set of the *resource*, for responses that it signs. */
  @Optional()
  @IsSecureUrl()
  jwksUri?: string;

  /** JWS algorithms with which the resource signs responses. */
  @Optional()
  @IsArray(must.beAnArray)
  @EachItem(IsNonEmptyString())
  resourceSigningAlgValuesSupported?: string[];

  /** A name to show to people. */
  @Optional()
  @IsNonEmptyString()
  resourceName?: string;

  /** A page for developers. */
  @Optional()
  @IsSecureUrl()
  resourceDocumentation?: string;

  /** A page on how the data may be used. */
  @Optional()
  @IsSecureUrl()
  resourcePolicyUri?: string;

  /** The terms of service. */
  @Optional()
  @IsSecureUrl()
  resourceTosUri?: string;

  /**
   * Whether tokens bound to a client certificate are supported (RFC 8705). Follows from the option
   * `clientCertificate`; leave it out.
   */
  @Optional()
  @IsTrueOrFalse()
  tlsClientCertificateBoundAccessTokens?: boolean;

  /** `authorization_details` types (RFC 9396). */
  @Optional()
  @IsArray(must.beAnArray)
  @EachItem(IsNonEmptyString())
  authorizationDetailsTypesSupported?: string[];

  /** JWS algorithms of DPoP proofs (RFC 9449). Follows from the option `dpop`; leave it out. */
  @Optional()
  @IsArray(must.beAnArray)
  @EachItem(IsNonEmptyString())
  dpopSigningAlgValuesSupported?: string[];

  /** Whether only DPoP-bound tokens are accepted (RFC 9449). Follows from the option `dpop`; leave it out. */
  @Optional()
  @IsTrueOrFalse()
  dpopBoundAccessTokensRequired?: boolean;

  /** This document as a JWT signed by the resource (RFC 9728, section 2.2). */
  @Optional()
  @IsNonEmptyString()
  signedMetadata?: string;

  [extension: string]: unknown;
}
