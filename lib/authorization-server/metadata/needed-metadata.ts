import type { AuthorizationServerMetadata } from '../../metadata/authorization-server-metadata.js';
import { introspectionEndpoint } from '../../options/introspection-endpoint.js';
import type { AuthorizationServerSettings } from '../../options/authorization-server.options.js';

/**
 * Returns the name of a member that the metadata lacks, and without which tokens of this server cannot be
 * verified. Returns `undefined` if the metadata lacks no such member.
 */
export function missingMember(
  metadata: AuthorizationServerMetadata,
  { introspection, jwks }: Pick<AuthorizationServerSettings, 'introspection' | 'jwks'>,
): 'jwks_uri' | 'introspection_endpoint' | undefined {
  const needsKeys = introspection === undefined || introspection.signedResponse === true;
  if (introspection && introspectionEndpoint(introspection, metadata).url === undefined) {
    return 'introspection_endpoint';
  }
  return needsKeys && (metadata.jwksUri ?? jwks) === undefined ? 'jwks_uri' : undefined;
}
