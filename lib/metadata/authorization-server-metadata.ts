import { toCamelCase } from './camel-case.js';

/**
 * What an authorization server publishes about itself, in camelCase (RFC 8414, section 2; OpenID
 * Connect Discovery 1.0, section 3). Fields not named here are kept under their camelCase names;
 * what is inside a field is kept as it was published.
 */
export interface AuthorizationServerMetadata {
  /** The issuer identifier; always equal to the configured one. */
  issuer: string;
  authorizationEndpoint?: string;
  tokenEndpoint?: string;
  /** Where the JWK Set with the signature keys is. JWT access tokens cannot be verified without. */
  jwksUri?: string;
  /** Dynamic Client Registration (RFC 7591). */
  registrationEndpoint?: string;
  scopesSupported?: string[];
  responseTypesSupported?: string[];
  responseModesSupported?: string[];
  /** Without it: `authorization_code` and `implicit` (RFC 8414). */
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
  /** PKCE (RFC 7636). MCP clients refuse a server that does not name `S256` here. */
  codeChallengeMethodsSupported?: string[];
  userinfoEndpoint?: string;
  /** `iss` in authorization responses (RFC 9207). */
  authorizationResponseIssParameterSupported?: boolean;
  /** Client ID Metadata Documents. */
  clientIdMetadataDocumentSupported?: boolean;
  [field: string]: unknown;
}

/** A metadata document as it was fetched: snake_case. */
export type MetadataDocument = Record<string, unknown>;

/**
 * Changes a fetched metadata document (snake_case) before it is checked and used, for a provider
 * whose document departs from the standards. The `issuer` of the result still has to equal the
 * configured one. What it throws, or does not give within the time of a fetch, makes the metadata unusable.
 */
export type TransformMetadata = (
  document: MetadataDocument,
) => MetadataDocument | Promise<MetadataDocument>;

/** A metadata document in camelCase: every field kept, known or not. */
export function toAuthorizationServerMetadata(
  document: MetadataDocument & { issuer: string },
): AuthorizationServerMetadata {
  // A name of the standards wins over one that is written like our camelCase name for it.
  const foreign = Object.entries(document).filter(([name]) => /[A-Z]/.test(name));
  const standard = Object.entries(document).filter(([name]) => !/[A-Z]/.test(name));
  const fields = [...foreign, ...standard].map(([name, value]) => [toCamelCase(name), value]);
  return Object.fromEntries(fields) as AuthorizationServerMetadata;
}
