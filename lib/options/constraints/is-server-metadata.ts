import { constraint } from '../validation/constraint.js';
import { documentUrl, issuerIdentifier, type Connection } from './urls.js';

/**
 * The options of an authorization server that {@link HasIntrospectionEndpoint} reads. They may not be
 * validated yet.
 */
interface IntrospectedServer extends Connection {
  metadata?: { introspectionEndpoint?: unknown };
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

/**
 * Checks the URL of the introspection endpoint. It is `endpoint`, or else `introspectionEndpoint` in the
 * option `metadata`. If neither is given, it comes from the fetched metadata, so `metadata` must be absent.
 */
export const HasIntrospectionEndpoint = constraint<IntrospectedServer>(
  'hasIntrospectionEndpoint',
  (value, server) => {
    const { metadata } = server;
    const { endpoint } = (value ?? {}) as { endpoint?: unknown };
    const url = endpoint === undefined ? metadata?.introspectionEndpoint : endpoint;
    if (url === undefined) {
      return metadata === undefined
        ? undefined
        : 'needs "endpoint", or else "introspectionEndpoint" in "metadata", because metadata in the options is not fetched';
    }
    const wrong = documentUrl(url, server);
    const name = endpoint === undefined ? 'metadata.introspectionEndpoint' : 'endpoint';
    return wrong && `needs a valid endpoint: "${name}" ${wrong}`;
  },
);
