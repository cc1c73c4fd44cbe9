import { createHash, type X509Certificate } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import type { ClientCertificateFormat } from '../options/client-certificate.options.js';
import type { ClientCertificatePolicy, TrustedHeader } from './client-certificate-policy.js';

/** The part of Node's request that tells who is at the other end of the connection. */
export interface ConnectedRequest {
  readonly headers: IncomingHttpHeaders;
  readonly socket?: {
    readonly remoteAddress?: string;
    /** Of a TLS connection; it has proved possession of the certificate's key. */
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

/** The `x5t#S256` (RFC 8705, section 3.1) of the certificate that the client has shown, if it has. */
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

function certificateInHeader(
  { headers, socket }: ConnectedRequest,
  { header, format, trustedProxies }: TrustedHeader,
): Buffer | undefined {
  const address = socket?.remoteAddress ?? '';
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  // What is no address is in no list. Node joins two fields of one name, and no format has a comma in it.
  const value = headers[header];
  if (typeof value !== 'string' || !trustedProxies.check(address, family)) {
    return undefined;
  }
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
