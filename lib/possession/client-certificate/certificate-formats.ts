import { createHash } from 'node:crypto';
import type { ClientCertificateFormat } from '../../options/client-certificate.options.js';

/** The certificate that a proxy put into a header field. */
export interface ForwardedCertificate {
  /** The `x5t#S256` (RFC 8705, section 3.1). */
  readonly thumbprint: string;
  /** The bytes that should be an X.509 certificate. Absent with `xfcc`, which contains only a digest. */
  readonly der?: Buffer;
}

/** The greatest length of a header field that is read. Node's own limit is 16 KiB unless it is raised. */
const MAX_LENGTH = 65_536;

const BASE64 = '[A-Za-z0-9+/]+={0,2}';
const [BEGIN, END] = ['-----BEGIN CERTIFICATE-----', '-----END CERTIFICATE-----'];
const PEM = String.raw`[A-Za-z0-9+/=\s]+`;

/**
 * The patterns of the formats. Each pattern captures the base64 of the client's own certificate, which is the first of
 * a chain (RFC 8446, section 4.4.2).
 */
const PATTERNS: Record<Exclude<ClientCertificateFormat, 'xfcc'>, RegExp> = {
  rfc9440: new RegExp(`^:(${BASE64}):$`),
  'url-encoded-pem': new RegExp(
    String.raw`^\s*${BEGIN}(${PEM})${END}(?:\s*${BEGIN}${PEM}${END})*\s*$`,
  ),
  'base64-der': new RegExp(`^(${BASE64})$`),
  // Node joins two fields of the same name by a comma and a space. This pattern allows no space, so two fields do not
  // count as a chain.
  'base64-der-chain': new RegExp(`^(${BASE64})(?:,${BASE64})*$`),
};

/**
 * Reads the value of a header field in one format. It does **not** check whether the result is a
 * certificate.
 */
export function forwardedCertificate(
  value: string,
  format: ClientCertificateFormat,
): ForwardedCertificate | undefined {
  if (value.length > MAX_LENGTH) {
    return undefined;
  }
  if (format === 'xfcc') {
    return digestInXfcc(value);
  }
  const text = format === 'url-encoded-pem' ? decoded(value) : value;
  const [, base64] = PATTERNS[format].exec(text) ?? [];
  if (base64 === undefined) {
    return undefined;
  }
  const der = Buffer.from(base64, 'base64');
  return { thumbprint: thumbprintOf(der), der };
}

/** Returns the `x5t#S256` (RFC 8705, section 3.1) of a certificate. */
export function thumbprintOf(der: Buffer): string {
  return createHash('sha256').update(der).digest('base64url');
}

/**
 * Counts the digests in a header field of Envoy (XFCC), wherever they stand. Envoy writes exactly one digest for each
 * connection with a client certificate.
 */
export function digestsInXfcc(value: string): number {
  return value.match(/hash=/gi)?.length ?? 0;
}

/**
 * Reads the digest that Envoy computed. After the digest, Envoy writes names from the client's certificate, and does
 * not escape all of them. So the text after the digest may contain commas, quotes and other pairs that the client
 * chose. If there is a second digest, another proxy or the client wrote it, so neither digest is trusted.
 */
function digestInXfcc(value: string): ForwardedCertificate | undefined {
  const [, hex] = /(?:^|;)hash=([\da-f]{64})(?:;|$)/i.exec(value) ?? [];
  return hex === undefined || digestsInXfcc(value) !== 1
    ? undefined
    : { thumbprint: Buffer.from(hex, 'hex').toString('base64url') };
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return '';
  }
}
