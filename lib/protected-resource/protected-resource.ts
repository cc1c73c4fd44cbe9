import type { BlockList } from 'node:net';
import type { ClientCertificatePolicy } from '../possession/client-certificate/client-certificate-policy.js';
import type { DpopPolicy } from '../possession/dpop/dpop-policy.js';
import type { ConfiguredAuthorizationServer } from '../authorization-server/authorization-server-registry.js';
import type { AuthorizationServerResolverOption } from '../options/authorization-server-resolver.js';
import type { ScopeHierarchy } from '../scope/scope-hierarchy.js';
import type { ProtectedResourceMetadataDocument } from '../metadata/protected-resource-metadata.js';
import type { TokenVerificationContext, TokenVerifierOption } from '../token/token-verifier.js';

type TenantResource = ProtectedResource | undefined | Promise<ProtectedResource | undefined>;

/**
 * The resources of the tenants, if `metadata.resource` contains `{tenant}`.
 *
 * @experimental It may change in any version.
 */
export interface TenantResources {
  /** The path of a metadata document, with `{tenant}` in the place of the tenant. */
  readonly documentPath: string;
  /**
   * Returns the resource of a tenant, or `undefined` if the tenant is not known. Returns the same object as
   * long as the application's `tenants` function returns the same result.
   *
   * @throws AuthorizationServerUnavailableError if the tenant cannot be looked up now
   * @throws McpAuthConfigurationError if `tenants` throws any other error, or returns a result that is not valid
   */
  get(tenant: string): TenantResource;
  /** Returns the resource of the tenant that the path of a request names. */
  requestedAt(path: string): TenantResource;
  /** Returns the resource whose metadata document has this path. */
  documentedAt(path: string): TenantResource;
}

/** The assertions of a proxy that a resource accepts. */
export interface ProxyAssertionPolicy {
  /** The name of the header field, in lower case. */
  readonly header: string;
  /** The addresses of the proxy, or `undefined` if the field is accepted from any address. */
  readonly trustedProxies: BlockList | undefined;
  /**
   * The resource in the form that verifies assertions. It trusts only the issuer of the assertions. Tokens are cached
   * by resource, so a cached assertion is never accepted as an access token, and a cached access token is never
   * accepted as an assertion.
   */
  readonly resource: ProtectedResource;
}

/** A protected resource of this application, with its options resolved. Frozen. */
export interface ProtectedResource extends TokenVerificationContext {
  /** The URL of the resource's metadata document (RFC 9728, section 3.1). */
  readonly metadataUrl: string;
  /**
   * The paths at which the document is published.
   *
   * @internal
   */
  readonly documentPaths: readonly string[];
  /**
   * The server whose document is published at the origin of the resource, if there is one (`legacyDiscovery`).
   *
   * @internal
   */
  readonly mirroredServer?: ConfiguredAuthorizationServer;
  /**
   * The authorization servers, by the `iss` of their tokens. Servers that a resolver finds are not included.
   *
   * @internal
   */
  readonly servers?: ReadonlyMap<string, ConfiguredAuthorizationServer>;
  /** The metadata document. */
  readonly metadata: ProtectedResourceMetadataDocument;
  /** The rules for DPoP-bound tokens and their proofs. */
  readonly dpop: DpopPolicy;
  /** The place where a client certificate is read, or `undefined` if no token may be bound to a certificate. */
  readonly clientCertificate: ClientCertificatePolicy | undefined;
  /** The narrower scopes that each broad scope implies. */
  readonly scopeHierarchy: ScopeHierarchy;
  /** The text that clients put before the name of a scope when they request the scope. Empty if they add no text. */
  readonly scopePrefix: string;
  /**
   * The scopes that a challenge also names if the token has them: the scopes in the options, and the scopes that
   * handlers require. A handler's scopes are added when its policy is prepared. `undefined` if a challenge names only
   * the required scopes.
   *
   * @internal
   */
  readonly relatedScopes: Set<string> | undefined;
  /** The origins whose pages may call the resource's MCP endpoints, besides its own origin. `*` allows all origins. */
  readonly allowedOrigins: readonly string[];
  /** The hosts, besides loopback, under which the resource is called while it is developed. */
  readonly developmentHosts: readonly string[];
  /** The name of the tenant, if this is the resource of a tenant. */
  readonly tenant?: string;
  /**
   * The resources of the tenants, if the identifier contains `{tenant}`. The resource itself then accepts no token, and
   * its own metadata is not published.
   */
  readonly tenants?: TenantResources;
  /**
   * The resolver that decides whether other issuers are trusted. Without it, only the issuers in the options
   * are trusted.
   */
  readonly issuerResolver: AuthorizationServerResolverOption | undefined;
  /** The token verifiers in the options, if there are any. */
  readonly tokenVerifier: TokenVerifierOption | undefined;
  /** The issuers, besides `issuers`, that the application's own verifiers may return. */
  readonly ownIssuers: readonly string[];
  /** The assertions of a proxy that are accepted beside access tokens. */
  readonly proxyAssertion?: ProxyAssertionPolicy | undefined;
}
