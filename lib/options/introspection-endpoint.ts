import type { AuthorizationServerMetadata } from '../metadata/authorization-server-metadata.js';

/** The options of introspection that decide which endpoint is asked. They may still be invalid. */
interface EndpointOptions {
  endpoint?: unknown;
  tlsClientAuth?: unknown;
}

/** The URL of an introspection endpoint. It is not validated yet. */
export interface IntrospectionEndpoint {
  /** `undefined` if neither the options nor the metadata have a URL. */
  readonly url: unknown;
  /** The option, or the member of the metadata, that has the URL. */
  readonly from:
    'endpoint' | 'introspection_endpoint' | 'mtls_endpoint_aliases.introspection_endpoint';
}

/**
 * Returns the introspection endpoint: that of the options, or else that of the metadata. A client that
 * authenticates by TLS must use the alias of the endpoint, if there is one (RFC 8705, section 5).
 */
export function introspectionEndpoint(
  { endpoint, tlsClientAuth }: EndpointOptions,
  metadata: Partial<AuthorizationServerMetadata> = {},
): IntrospectionEndpoint {
  if (endpoint !== undefined) {
    return { url: endpoint, from: 'endpoint' };
  }
  const { introspectionEndpoint: url, mtlsEndpointAliases } = metadata;
  const alias =
    tlsClientAuth === undefined ? undefined : mtlsEndpointAliases?.introspection_endpoint;
  return alias === undefined || alias === null
    ? { url, from: 'introspection_endpoint' }
    : { url: alias, from: 'mtls_endpoint_aliases.introspection_endpoint' };
}

/** Returns a problem if the client has to authenticate by TLS, but the endpoint has no `https:` URL. */
export function tlsProblem({ tlsClientAuth }: EndpointOptions, url: unknown): string | undefined {
  return tlsClientAuth !== undefined && !String(url).toLowerCase().startsWith('https:')
    ? 'must be an https: URL, because tlsClientAuth authenticates the client by TLS'
    : undefined;
}
