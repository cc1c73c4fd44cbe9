/** A protected resource metadata document as it is published, in snake_case (RFC 9728, section 2). */
export interface ProtectedResourceMetadataDocument {
  readonly resource: string;
  /** The issuers of the authorization servers. Absent if none is published. */
  readonly authorization_servers?: readonly string[];
  readonly bearer_methods_supported: readonly string[];
  readonly [field: string]: unknown;
}
