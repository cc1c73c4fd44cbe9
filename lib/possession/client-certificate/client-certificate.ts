import type { X509Certificate } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { forwardedCertificate, thumbprintOf } from './certificate-formats.js';
import { isFromProxy } from '../trusted-proxies.js';
import type { ClientCertificatePolicy, TrustedHeader } from './client-certificate-policy.js';

/** The part of Node's request that identifies the other end of the connection. */
export interface ConnectedRequest {
  readonly headers: IncomingHttpHeaders;
  readonly socket?: {
    readonly remoteAddress?: string;
    /**
     * Returns the client's certificate. The method exists only on a TLS connection, where TLS has proved possession of
     * the key.
     */
    getPeerX509Certificate?(): X509Certificate | undefined;
  };
}

/**
 * Returns the `x5t#S256` (RFC 8705, section 3.1) of the client's certificate, or `undefined` if the request shows no
 * certificate.
 */
export function certificateThumbprint(
  request: ConnectedRequest,
  policy: ClientCertificatePolicy,
): string | undefined {
  if (policy !== 'tls') {
    return thumbprintInHeader(request, policy);
  }
  const certificate = request.socket?.getPeerX509Certificate?.();
  return certificate && thumbprintOf(certificate.raw);
}

function thumbprintInHeader(request: ConnectedRequest, policy: TrustedHeader): string | undefined {
  const value = request.headers[policy.header];
  return typeof value === 'string' && isFromProxy(request, policy.trustedProxies)
    ? forwardedCertificate(value, policy.format)?.thumbprint
    : undefined;
}
