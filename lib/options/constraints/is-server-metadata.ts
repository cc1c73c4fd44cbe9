import { constraint } from '../validation/constraint.js';
import { documentUrl, issuerIdentifier, type Connection } from './urls.js';

/** As much of an authorization server as decides where its endpoint may be; none of it validated yet. */
interface IntrospectedServer extends Connection {
  metadata?: { introspectionEndpoint?: unknown };
}

/** Metadata of an authorization server that is given by hand. */
export const IsServerMetadata = constraint<Connection>('isServerMetadata', (value, server) => {
  if (typeof value !== 'object' || value === null) {
    return 'must be an object in camelCase with at least "issuer" and "jwksUri"';
  }
  const { issuer, jwksUri, jwks_uri } = value as Record<string, unknown>;
  if (jwks_uri !== undefined) {
    return 'must be written in camelCase: "jwksUri", not "jwks_uri"';
  }
  const wrong = issuerIdentifier(issuer, server);
  if (wrong !== undefined) {
    return `needs an issuer that is right: "issuer" ${wrong}`;
  }
  const wrongUri = jwksUri === undefined ? undefined : documentUrl(jwksUri, server);
  return wrongUri && `needs a JWK Set that can be fetched: "jwksUri" ${wrongUri}`;
});

/** Checks where introspection asks, which depends on the authorization server, not on its own options. */
export const HasIntrospectionEndpoint = constraint<IntrospectedServer>(
  'hasIntrospectionEndpoint',
  (value, server) => {
    const { metadata } = server;
    const { endpoint = metadata?.introspectionEndpoint } = (value ?? {}) as { endpoint?: unknown };
    if (endpoint === undefined) {
      return metadata === undefined
        ? undefined
        : 'needs "endpoint", or else "introspectionEndpoint" in the metadata, which is not fetched';
    }
    const wrong = documentUrl(endpoint, server);
    return wrong && `needs an endpoint that can be asked: "endpoint" ${wrong}`;
  },
);
