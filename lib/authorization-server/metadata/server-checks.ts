import type { AuthorizationServerMetadata } from '../../metadata/authorization-server-metadata.js';

/** The properties of a protected resource that decide what an authorization server must support. */
export interface ServerConfigResource {
  /** The resource identifier, for the check of `protected_resources` (RFC 9728, section 4). */
  resource?: string;
  /** The scopes that clients request. The check of `scopes_supported` uses them. */
  scopes?: readonly string[];
  /** The `dpop` option of the resource: its mode, and the algorithms of proofs that it accepts. */
  dpop?: { mode: 'off' | 'accepted' | 'required'; algorithms: readonly string[] };
}

/** A check of one property that MCP clients, this library or a resource expect an authorization server to have. */
export interface ServerCheck {
  /** The severity of a failed check: an error (MCP clients get no usable token) or a warning. */
  severity: 'error' | 'warning';
  /** The member of the metadata that is checked. */
  member: keyof AuthorizationServerMetadata;
  passes: (metadata: AuthorizationServerMetadata, resource: ServerConfigResource) => boolean;
  /**
   * Returns `false` if the check is not needed: the resource does not need the property, the server has a better
   * property, or the server does not claim to have it.
   */
  applies?: (metadata: AuthorizationServerMetadata, resource: ServerConfigResource) => boolean;
  success: string;
  failure:
    string | ((metadata: AuthorizationServerMetadata, resource: ServerConfigResource) => string);
}

const ID_JAG = 'urn:ietf:params:oauth:grant-profile:id-jag';
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** The greatest number of scopes or algorithms that one finding names. */
const MAX_NAMED = 20;

/** All checks of {@link validateServerConfig}, by the beginning of their codes. */
export const serverChecks = {
  code_response_type: {
    severity: 'error',
    member: 'responseTypesSupported',
    passes: ({ responseTypesSupported }) =>
      strings(responseTypesSupported).some((type) => type.split(' ').includes('code')),
    success: 'The "code" response type is supported.',
    failure: 'The "code" response type is not among response_types_supported.',
  },
  authorization_code_grant: {
    severity: 'error',
    member: 'grantTypesSupported',
    passes: ({ grantTypesSupported }) =>
      grantTypesSupported === undefined ||
      strings(grantTypesSupported).includes('authorization_code'),
    success: 'The authorization code grant is supported.',
    failure: 'The authorization code grant is not among grant_types_supported.',
  },
  pkce: {
    severity: 'error',
    member: 'codeChallengeMethodsSupported',
    passes: ({ codeChallengeMethodsSupported }) =>
      strings(codeChallengeMethodsSupported).length > 0,
    success: 'PKCE (RFC 7636) is supported.',
    failure:
      'PKCE (RFC 7636) is not announced in code_challenge_methods_supported; MCP clients refuse such a server.',
  },
  s256_code_challenge_method: {
    severity: 'error',
    member: 'codeChallengeMethodsSupported',
    passes: ({ codeChallengeMethodsSupported }) =>
      strings(codeChallengeMethodsSupported).includes('S256'),
    success: 'The code challenge method "S256" is supported.',
    failure: 'The code challenge method "S256" is not among code_challenge_methods_supported.',
  },
  jwk_set: {
    severity: 'warning',
    member: 'jwksUri',
    passes: ({ jwksUri }) => typeof jwksUri === 'string',
    success: 'A JWK Set is published.',
    failure: 'No JWK Set is published (jwks_uri), so JWT access tokens cannot be verified.',
  },
  client_id_metadata_document: {
    severity: 'warning',
    member: 'clientIdMetadataDocumentSupported',
    passes: ({ clientIdMetadataDocumentSupported }) => clientIdMetadataDocumentSupported === true,
    success: 'Client ID Metadata Documents are supported.',
    failure:
      'Client ID Metadata Documents, the first choice of MCP clients, are not supported; clients have to register, or to be registered, first.',
  },
  dynamic_registration: {
    severity: 'warning',
    member: 'registrationEndpoint',
    passes: ({ registrationEndpoint }) => typeof registrationEndpoint === 'string',
    // MCP 2026-07-28 deprecates registration: clients that can use a Client ID Metadata Document do so.
    applies: ({ clientIdMetadataDocumentSupported, registrationEndpoint }) =>
      clientIdMetadataDocumentSupported !== true || typeof registrationEndpoint === 'string',
    success: 'Dynamic Client Registration (RFC 7591) is supported.',
    failure: 'Dynamic Client Registration (RFC 7591) is not supported.',
  },
  iss_in_authorization_response: {
    severity: 'warning',
    member: 'authorizationResponseIssParameterSupported',
    passes: ({ authorizationResponseIssParameterSupported }) =>
      authorizationResponseIssParameterSupported === true,
    success: 'Authorization responses name their issuer (RFC 9207).',
    failure:
      'Authorization responses do not name their issuer (RFC 9207). The name would protect clients from mix-up attacks.',
  },
  id_jag: {
    severity: 'warning',
    member: 'authorizationGrantProfilesSupported',
    passes: ({ grantTypesSupported }) => strings(grantTypesSupported).includes(JWT_BEARER),
    // The profile is an extension of MCP, "Enterprise-Managed Authorization". A server need not support it.
    applies: ({ authorizationGrantProfilesSupported }) =>
      strings(authorizationGrantProfilesSupported).includes(ID_JAG),
    success: 'Identity assertions (ID-JAG) are accepted as authorization grants.',
    failure: `The profile for identity assertions (ID-JAG) is announced, but its grant type "${JWT_BEARER}" is not among grant_types_supported.`,
  },
  required_dpop: {
    severity: 'error',
    member: 'dpopSigningAlgValuesSupported',
    passes: sharesDpopAlgorithm,
    applies: (_, { dpop }) => dpop?.mode === 'required',
    success: 'DPoP-bound tokens can be obtained, as the resource requires.',
    failure: withoutDpop(
      'requires DPoP-bound tokens, so it accepts none of the tokens of this server',
    ),
  },
  accepted_dpop: {
    severity: 'warning',
    member: 'dpopSigningAlgValuesSupported',
    passes: sharesDpopAlgorithm,
    applies: (_, { dpop }) => dpop?.mode === 'accepted',
    success: 'DPoP-bound tokens can be obtained.',
    failure: withoutDpop('accepts DPoP-bound tokens, but clients get only Bearer tokens here'),
  },
  protected_resource: {
    severity: 'warning',
    member: 'protectedResources',
    passes: ({ protectedResources }, { resource = '' }) =>
      strings(protectedResources).includes(resource),
    applies: ({ protectedResources }, { resource }) =>
      protectedResources !== undefined && resource !== undefined,
    success: 'The resource is listed (RFC 9728).',
    failure: (_, { resource }) =>
      `${resource} is not among protected_resources (RFC 9728, section 4), so clients that check the list do not use this server for it.`,
  },
  required_scopes: {
    severity: 'warning',
    member: 'scopesSupported',
    passes: (metadata, resource) => unlistedScopes(metadata, resource).length === 0,
    applies: ({ scopesSupported }, { scopes = [] }) =>
      scopesSupported !== undefined && scopes.length > 0,
    success: 'The scopes of the resource are supported.',
    failure: (metadata, resource) =>
      `Scopes that ${resource.resource ?? 'the resource'} requires are not among scopes_supported: ${unlistedScopes(metadata, resource).slice(0, MAX_NAMED).join(', ')}. Clients may not be able to get them.`,
  },
} as const satisfies Record<string, ServerCheck>;

function sharesDpopAlgorithm(
  { dpopSigningAlgValuesSupported }: AuthorizationServerMetadata,
  { dpop }: ServerConfigResource,
): boolean {
  const accepted = new Set(dpop?.algorithms);
  return strings(dpopSigningAlgValuesSupported).some((alg) => accepted.has(alg));
}

function withoutDpop(consequence: string): ServerCheck['failure'] {
  return (_, { resource = 'The resource', dpop }) =>
    `None of the DPoP algorithms of the resource (${dpop?.algorithms.slice(0, MAX_NAMED).join(', ')}) is among dpop_signing_alg_values_supported. ${resource} ${consequence}.`;
}

/** Returns the scopes that the server does not list. It need not list all its scopes (RFC 8414, section 2). */
function unlistedScopes(
  { scopesSupported }: AuthorizationServerMetadata,
  { scopes = [] }: ServerConfigResource,
): string[] {
  const supported = new Set(strings(scopesSupported));
  return scopes.filter((scope) => !supported.has(scope));
}

/** Returns the strings of a member of metadata: a server may have published a value of any type. */
function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
