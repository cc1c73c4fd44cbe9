import { toCamelCase } from './camel-case.js';

/**
 * The metadata of an authorization server, in camelCase (RFC 8414, section 2; OpenID Connect Discovery
 * 1.0, section 3). Fields that are not listed here are included under their camelCase names. The value of
 * a field is as it was published: names within it are not changed.
 */
export interface AuthorizationServerMetadata {
  /** The issuer identifier. It always equals the configured issuer. */
  issuer: string;
  authorizationEndpoint?: string;
  tokenEndpoint?: string;
  /**
   * The URL of the JWK Set with the signature keys. Without it, JWT access tokens can be verified only with the
   * option `jwks` or by introspection.
   */
  jwksUri?: string;
  /** The endpoint for Dynamic Client Registration (RFC 7591). */
  registrationEndpoint?: string;
  scopesSupported?: string[];
  responseTypesSupported?: string[];
  responseModesSupported?: string[];
  /** The supported grant types. If absent: `authorization_code` and `implicit` (RFC 8414). */
  grantTypesSupported?: string[];
  tokenEndpointAuthMethodsSupported?: string[];
  tokenEndpointAuthSigningAlgValuesSupported?: string[];
  serviceDocumentation?: string;
  uiLocalesSupported?: string[];
  opPolicyUri?: string;
  opTosUri?: string;
  revocationEndpoint?: string;
  revocationEndpointAuthMethodsSupported?: string[];
  revocationEndpointAuthSigningAlgValuesSupported?: string[];
  introspectionEndpoint?: string;
  introspectionEndpointAuthMethodsSupported?: string[];
  introspectionEndpointAuthSigningAlgValuesSupported?: string[];
  /** The endpoints for clients that use mutual TLS (RFC 8705, section 5), under their names in snake_case. */
  mtlsEndpointAliases?: Record<string, unknown>;
  /** The PKCE methods (RFC 7636). MCP clients refuse a server that does not name `S256` here. */
  codeChallengeMethodsSupported?: string[];
  userinfoEndpoint?: string;
  /** `true` if authorization responses contain `iss` (RFC 9207). */
  authorizationResponseIssParameterSupported?: boolean;
  /** `true` if Client ID Metadata Documents are supported. */
  clientIdMetadataDocumentSupported?: boolean;
  [field: string]: unknown;
}

/** A metadata document as it was fetched, in snake_case. */
export type MetadataDocument = Record<string, unknown>;

/**
 * A function that changes a fetched metadata document (snake_case) before it is checked and used. It is for a provider
 * whose document departs from the standards. The `issuer` of the result must still equal the configured issuer. If the
 * function throws, or does not return within `fetchTimeout`, the metadata is unusable.
 */
export type TransformMetadata = (
  document: MetadataDocument,
) => MetadataDocument | Promise<MetadataDocument>;

/** Returns a metadata document in camelCase, with all its fields. */
export function toAuthorizationServerMetadata(
  document: MetadataDocument & { issuer: string },
): AuthorizationServerMetadata {
  // A standard name wins over a field that is published under its camelCase name.
  const foreign = Object.entries(document).filter(([name]) => /[A-Z]/.test(name));
  const standard = Object.entries(document).filter(([name]) => !/[A-Z]/.test(name));
  const fields = [...foreign, ...standard].map(([name, value]) => [toCamelCase(name), value]);
  return Object.fromEntries(fields) as AuthorizationServerMetadata;
}
