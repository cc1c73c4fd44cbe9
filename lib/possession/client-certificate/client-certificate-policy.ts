import type { BlockList } from 'node:net';
import {
  blockListOf,
  type ClientCertificateFormat,
  type ClientCertificateHeader,
} from '../../options/client-certificate.options.js';

/** Where the certificate of a client is found: in the TLS connection, or where a proxy puts it. */
export type ClientCertificatePolicy = 'tls' | TrustedHeader;

/** A header field, and from whom it is believed. */
export interface TrustedHeader {
  /** In lower case. */
  readonly header: string;
  /** How the header writes the certificate. */
  readonly format: ClientCertificateFormat;
  /** From whom the header is taken. */
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
