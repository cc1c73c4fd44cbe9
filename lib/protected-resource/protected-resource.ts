import type { ClientCertificatePolicy } from '../possession/client-certificate/client-certificate-policy.js';
import type { DpopPolicy } from '../possession/dpop/dpop-policy.js';
import type { Type } from '@nestjs/common';
import type { AuthorizationServerResolverOption } from '../options/authorization-server-resolver.js';
import type { ScopeHierarchy } from '../scope/scope-hierarchy.js';
import type { ProtectedResourceMetadataDocument } from '../metadata/protected-resource-metadata.js';
import type {
  TokenVerificationContext,
  TokenVerifier,
  VerifyToken,
} from '../token/token-verifier.js';

type TenantResource = ProtectedResource | undefined | Promise<ProtectedResource | undefined>;

/**
 * The resources of the tenants, where `metadata.resource` holds `{tenant}`.
 *
 * @experimental It may change in any version.
 */
export interface TenantResources {
  /** The path of a metadata document, `{tenant}` standing for the tenant. */
  readonly documentPath: string;
  /**
   * The resource of a tenant, the same object for as long as the application answers the same; nothing
   * where there is no such tenant.
   *
   * @throws AuthorizationServerUnavailableError if that cannot be told now
   * @throws McpAuthConfigurationError if `tenants` throws anything else, or answers what is not right
   */
  get(tenant: string): TenantResource;
  /** The resource that a request for this path is for. */
  requestedAt(path: string): TenantResource;
  /** The resource whose metadata document has this path. */
  documentedAt(path: string): TenantResource;
}

/** A protected resource of this application, its options resolved. Frozen. */
export interface ProtectedResource extends TokenVerificationContext {
  /** Where its metadata document is published (RFC 9728, section 3.1). */
  readonly metadataUrl: string;
  /** The document that is published there. */
  readonly metadata: ProtectedResourceMetadataDocument;
  /** Whether DPoP-bound tokens are accepted, and how proofs are checked. */
  readonly dpop: DpopPolicy;
  /** Where the certificate of a client is found, where tokens may be bound to one. */
  readonly clientCertificate: ClientCertificatePolicy | undefined;
  /** Which narrower scopes a broad scope implies. */
  readonly scopeHierarchy: ScopeHierarchy;
  /** The origins whose pages may call its MCP endpoints, besides its own; `*` stands for all. */
  readonly allowedOrigins: readonly string[];
  /** The tenant whose resource it is; nothing where there are no tenants. */
  readonly tenant?: string;
  /**
   * The resources of the tenants, where the identifier holds `{tenant}`. This one then only stands for
   * them: it accepts no token, and its own metadata is not published.
   */
  readonly tenants?: TenantResources;
  /** Who says of other issuers whether they are trusted; nobody where only those of the options are. */
  readonly issuerResolver: AuthorizationServerResolverOption | undefined;
  /** The verifier of the application's own, where it has one. */
  readonly tokenVerifier: VerifyToken | Type<TokenVerifier> | undefined;
}
