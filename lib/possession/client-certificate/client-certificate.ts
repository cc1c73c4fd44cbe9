import { createHash, type X509Certificate } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import type { ClientCertificateFormat } from '../../options/client-certificate.options.js';
import type { ClientCertificatePolicy, TrustedHeader } from './client-certificate-policy.js';

/** The part of Node's request that identifies the other end of the connection. */
export interface ConnectedRequest {
  readonly headers: IncomingHttpHeaders;
  readonly socket?: {
    readonly remoteAddress?: string;
    /** Exists only on a TLS connection. TLS has proved possession of the certificate's key. */
    getPeerX509Certificate?(): X509Certificate | undefined;
  };
}

const BASE64 = '[A-Za-z0-9+/]+={0,2}';
const FORMATS: Record<ClientCertificateFormat, RegExp> = {
  rfc9440: new RegExp(`^:(${BASE64}):$`),
  'base64-der': new RegExp(`^(${BASE64})$`),
  'url-encoded-pem':
    /^\s*-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----\s*$/,
};

export const FORMAT_NAMES = Object.keys(FORMATS) as ClientCertificateFormat[];

/**
 * Returns the `x5t#S256` (RFC 8705, section 3.1) of the client's certificate, if the client has shown one.
 */
export function certificateThumbprint(
  request: ConnectedRequest,
  policy: ClientCertificatePolicy,
): string | undefined {
  const certificate =
    policy === 'tls'
      ? request.socket?.getPeerX509Certificate?.()?.raw
      : certificateInHeader(request, policy);
  return certificate && createHash('sha256').update(certificate).digest('base64url');
}

function certificateInHeader(request: ConnectedRequest, policy: TrustedHeader): Buffer | undefined {
  // Node joins two fields of one name with a comma, which no format allows.
  const value = request.headers[policy.header];
  return typeof value === 'string' && isTrusted(request, policy)
    ? certificateIn(value, policy.format)
    : undefined;
}

/** Returns `true` if the sender is a trusted proxy. A sender without an IP address never is. */
export function isTrusted(
  { socket }: ConnectedRequest,
  { trustedProxies }: TrustedHeader,
): boolean {
  const address = socket?.remoteAddress ?? '';
  return trustedProxies.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/**
 * Decodes the value of a header in one format. It does **not** check whether the result is a certificate.
 */
export function certificateIn(value: string, format: ClientCertificateFormat): Buffer | undefined {
  const [, base64] =
    FORMATS[format].exec(format === 'url-encoded-pem' ? decoded(value) : value) ?? [];
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64');
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return '';
  }
}
