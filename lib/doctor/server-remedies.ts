import type { serverChecks } from '../authorization-server/metadata/server-checks.js';

const CLIENTS = 'Register each client at the authorization server, and tell users its identifier.';

/** The remedies if an authorization server does not pass a check. */
export const serverRemedies: Record<keyof typeof serverChecks, string> = {
  code_response_type:
    'Allow the authorization code flow, and list "code" in response_types_supported.',
  authorization_code_grant:
    'Allow the authorization code grant, and list "authorization_code" in grant_types_supported.',
  pkce: 'Turn PKCE on, and list "S256" in code_challenge_methods_supported.',
  s256_code_challenge_method:
    'Support the method "S256", and list it in code_challenge_methods_supported.',
  jwk_set: 'Publish the keys at jwks_uri, or let the MCP server introspect the tokens (RFC 7662).',
  client_id_metadata_document: `Turn Client ID Metadata Documents on if the server has them. ${CLIENTS}`,
  dynamic_registration: `Turn Client ID Metadata Documents or dynamic registration on. ${CLIENTS}`,
  iss_in_authorization_response:
    'Send "iss" in authorization responses, and announce it in authorization_response_iss_parameter_supported.',
  id_jag: 'Support the grant type, or do not announce the profile.',
  required_dpop:
    'Turn DPoP on at the authorization server, or do not require it at the MCP server.',
  accepted_dpop: 'Turn DPoP on at the authorization server, or do not announce it.',
  protected_resource: 'Register the MCP server as a resource at the authorization server.',
  required_scopes:
    'Create the scopes at the authorization server, and list them in scopes_supported.',
};
