import { createHash, X509Certificate } from 'node:crypto';
import type { ClientCertificateFormat } from 'nestjs-mcp-auth';

export const derOf = (pem: string): Buffer => new X509Certificate(pem).raw;

const digestOf = (der: Buffer) => createHash('sha256').update(der);

/** The `x5t#S256` of a certificate. */
export const x5tOf = (der: Buffer): string => digestOf(der).digest('base64url');

/**
 * Writes a certificate as `nginx`, AWS and Envoy do. They differ in the characters that they escape, but all
 * escape spaces and line feeds.
 */
const urlEncodedPem = (der: Buffer) => {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  const pem = ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
  return encodeURIComponent(pem);
};

/** The functions that write a certificate into a header field, as a proxy does, by format. */
export const WRITERS: Record<ClientCertificateFormat, (der: Buffer) => string> = {
  rfc9440: (der) => `:${der.toString('base64')}:`,
  'url-encoded-pem': urlEncodedPem,
  'base64-der': (der) => der.toString('base64'),
  'base64-der-chain': (der) => der.toString('base64'),
  xfcc: (der) => `Hash=${digestOf(der).digest('hex')};Cert="${urlEncodedPem(der)}"`,
};
