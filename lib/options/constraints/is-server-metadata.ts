import type { AuthorizationServerMetadata } from '../../metadata/authorization-server-metadata.js';
import { introspectionEndpoint, tlsProblem } from '../introspection-endpoint.js';
import { constraint } from '../validation/constraint.js';
import { documentUrl, issuerIdentifier, type Connection } from './urls.js';

/**
 * The options of an authorization server that the checks of introspection read. They may still be invalid.
 */
interface IntrospectedServer extends Connection {
  metadata?: Partial<AuthorizationServerMetadata>;
  jwks?: unknown;
}

/** Checks the option `metadata`: the issuer, and the URL of the JWK Set if there is one. */
export const IsServerMetadata = constraint<Connection>('isServerMetadata', (value, server) => {
  if (typeof value !== 'object' || value === null) {
    return 'must be an object in camelCase with at least "issuer"';
  }
  const { issuer, jwksUri, jwks_uri } = value as Record<string, unknown>;
  if (jwks_uri !== undefined) {
    return 'must be written in camelCase: "jwksUri", not "jwks_uri"';
  }
  const wrong = issuerIdentifier(issuer, server);
  if (wrong !== undefined) {
    return `needs a valid issuer: "issuer" ${wrong}`;
  }
  const wrongUri = jwksUri === undefined ? undefined : documentUrl(jwksUri, server);
  return wrongUri && `needs a JWK Set that can be fetched: "jwksUri" ${wrongUri}`;
});

/** The paths by which messages name the options that hold the URL of the endpoint. */
const NAMES = {
  endpoint: 'endpoint',
  introspection_endpoint: 'metadata.introspectionEndpoint',
  'mtls_endpoint_aliases.introspection_endpoint':
    'metadata.mtlsEndpointAliases.introspection_endpoint',
};

/**
 * Checks the URL of the introspection endpoint: `endpoint` of the option `introspection`, or else the endpoint in the
 * option `metadata`. If neither option has an endpoint, the endpoint comes from the fetched metadata, so `metadata`
 * must be absent.
 */
export const HasIntrospectionEndpoint = constraint<IntrospectedServer>(
  'hasIntrospectionEndpoint',
  (value, server) => {
    const { metadata } = server;
    const introspection = value ?? {};
    const { url, from } = introspectionEndpoint(introspection, metadata);
    if (url === undefined) {
      return metadata === undefined
        ? undefined
        : 'needs "endpoint", or else "introspectionEndpoint" in "metadata": if "metadata" is given, no metadata is fetched';
    }
    const wrong = tlsProblem(introspection, url) ?? documentUrl(url, server);
    return wrong && `needs a valid endpoint: "${NAMES[from]}" ${wrong}`;
  },
);

/** Checks that there are keys for signed responses. Without `metadata`, the fetched metadata names them. */
export const HasKeysForResponses = constraint<IntrospectedServer>(
  'hasKeysForResponses',
  (value, { metadata, jwks }) => {
    const { signedResponse } = (value ?? {}) as { signedResponse?: unknown };
    return signedResponse === true && metadata !== undefined && !(metadata.jwksUri ?? jwks)
      ? 'has signedResponse, which needs the keys of the server: "jwks", or else "jwksUri" in "metadata"'
      : undefined;
  },
);
