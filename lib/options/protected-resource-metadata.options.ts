import { issuerOf, type AuthorizationServerSettings } from './authorization-server.options.js';
import {
  expandServer,
  isResolver,
  namedServers,
  settingsTypeOf,
  type AuthorizationServersOption,
} from './authorization-server-resolver.js';
import { isTemplate } from '../url/tenant-template.js';
import type { Plain } from './plain.js';
import { Optional } from './validation/optional.js';
import { Checked, eachItem, type Problem } from './validation/checked.js';
import { Nested } from './validation/nested.js';
import { templatedIssuerProblem } from './validation/templated-issuer.problem.js';
import {
  boolean,
  nonEmptyString,
  oneOf,
  resourceIdentifier,
  scopeToken,
  secureUrl,
} from './validation/problems.js';

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
  static readonly elsewhere = {
    introspection:
      'is an option of an authorization server; put it into one of "authorizationServers", it would be published here',
    ...Object.fromEntries(
      [
        'allowedOrigins',
        'audience',
        'claims',
        'clientCertificate',
        'dangerouslySkipAudienceCheck',
        'discovery',
        'dpop',
        'fetchTimeout',
        'jwt',
        'publishedIssuers',
        'scopeHierarchy',
        'staleIfError',
        'tenantPath',
        'tenants',
        'tokenVerifier',
      ].map((name) => [
        name,
        'is an option of the protected resource; move it out of "metadata", which is published',
      ]),
    ),
  };

  /**
   * The resource identifier: an absolute `https:` URL without fragment (`http:` on loopback), most
   * often the URL that clients are given. It is compared and published exactly as written, but for
   * a lone trailing `/` on an origin, which is dropped.
   *
   * With `{tenant}` as a segment of its path, there is such a resource for each of the `tenants`, with
   * a document and an audience of its own.
   */
  @Checked('resource', resourceIdentifier)
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
  @Checked<ProtectedResourceMetadataSettings>('authorizationServers', authorizationServersProblem)
  authorizationServers!: AuthorizationServersOption;

  /** Scopes a client may ask for. Leave `offline_access` out: no resource needs it. */
  @Optional()
  @Checked('scopesSupported', eachItem(scopeToken))
  scopesSupported?: string[];

  /**
   * How a token may be presented. Only the `Authorization` header is read.
   *
   * @defaultValue `['header']`
   */
  @Optional()
  @Checked('bearerMethodsSupported', (value, owner) =>
    Array.isArray(value) && value.length === 0
      ? 'must hold "header", which is always supported'
      : eachItem(oneOf('header'))(value, owner),
  )
  bearerMethodsSupported?: 'header'[];

  /** The JWK Set of the *resource*, for responses that it signs. */
  @Optional()
  @Checked('jwksUri', secureUrl)
  jwksUri?: string;

  /** JWS algorithms with which the resource signs responses. */
  @Optional()
  @Checked('resourceSigningAlgValuesSupported', eachItem(nonEmptyString))
  resourceSigningAlgValuesSupported?: string[];

  /** A name to show to people. */
  @Optional()
  @Checked('resourceName', nonEmptyString)
  resourceName?: string;

  /** A page for developers. */
  @Optional()
  @Checked('resourceDocumentation', secureUrl)
  resourceDocumentation?: string;

  /** A page on how the data may be used. */
  @Optional()
  @Checked('resourcePolicyUri', secureUrl)
  resourcePolicyUri?: string;

  /** The terms of service. */
  @Optional()
  @Checked('resourceTosUri', secureUrl)
  resourceTosUri?: string;

  /**
   * Whether tokens bound to a client certificate are supported (RFC 8705). Follows from the option
   * `clientCertificate`; leave it out.
   */
  @Optional()
  @Checked('tlsClientCertificateBoundAccessTokens', boolean)
  tlsClientCertificateBoundAccessTokens?: boolean;

  /** `authorization_details` types (RFC 9396). */
  @Optional()
  @Checked('authorizationDetailsTypesSupported', eachItem(nonEmptyString))
  authorizationDetailsTypesSupported?: string[];

  /** JWS algorithms of DPoP proofs (RFC 9449). Follows from the option `dpop`; leave it out. */
  @Optional()
  @Checked('dpopSigningAlgValuesSupported', eachItem(nonEmptyString))
  dpopSigningAlgValuesSupported?: string[];

  /** Whether only DPoP-bound tokens are accepted (RFC 9449). Follows from the option `dpop`; leave it out. */
  @Optional()
  @Checked('dpopBoundAccessTokensRequired', boolean)
  dpopBoundAccessTokensRequired?: boolean;

  /** This document as a JWT signed by the resource (RFC 9728, section 2.2). */
  @Optional()
  @Checked('signedMetadata', nonEmptyString)
  signedMetadata?: string;

  [extension: string]: unknown;
}

function authorizationServersProblem(
  value: unknown,
  { resource }: Pick<ProtectedResourceMetadataSettings, 'resource'>,
): ReturnType<Problem> {
  if (isResolver(value)) {
    return undefined;
  }
  if (!Array.isArray(value) || (value.length === 0 && !isTemplate(resource))) {
    return 'must be an array with at least one authorization server, or a resolver';
  }
  if (Array.from(value).includes(undefined)) {
    return 'holds an authorization server that is missing; is an environment variable not set?';
  }
  if (value.slice(0, -1).some(isResolver)) {
    return 'must hold one resolver at most, after the authorization servers that it names';
  }
  const servers = namedServers(value);
  const issuers = (servers as (AuthorizationServerSettings | null)[]).map(issuerOf);
  const duplicate = issuers.find((issuer, index) => issuer && issuers.indexOf(issuer) !== index);
  return duplicate
    ? `names the issuer "${duplicate}" twice; remove one of the two`
    : templatedIssuerProblem(servers, resource);
}
