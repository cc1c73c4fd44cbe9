import type { BlockList } from 'node:net';
import type {
  ClientCertificateFormat,
  ClientCertificateHeader,
} from '../../options/client-certificate.options.js';
import { blockListOf } from '../trusted-proxies.js';

/** The place of a client's certificate: the TLS connection, or the header in which a proxy puts it. */
export type ClientCertificatePolicy = 'tls' | TrustedHeader;

/** A header field, and the proxies that may set it. */
export interface TrustedHeader {
  /** The name of the header field, in lower case. */
  readonly header: string;
  /** The format of the certificate in the header. */
  readonly format: ClientCertificateFormat;
  /** The addresses of the trusted proxies. A header from any other address is ignored. */
  readonly trustedProxies: BlockList;
}

export function resolveClientCertificatePolicy(
  options: 'tls' | Partial<ClientCertificateHeader> | undefined,
): ClientCertificatePolicy | undefined {
  if (options === undefined || options === 'tls') {
    return options;
  }
  const { header, format = 'rfc9440', trustedProxies = [] } = options;
  return header === undefined
    ? 'tls'
    : Object.freeze({
        header: header.toLowerCase(),
        format,
        trustedProxies: blockListOf(trustedProxies),
      });
}
