import { X509Certificate } from 'node:crypto';
import {
  CLIENT_CERTIFICATE_FORMATS,
  type ClientCertificateFormat,
} from '../../options/client-certificate.options.js';
import { digestsInXfcc, forwardedCertificate } from './certificate-formats.js';
import { isFromProxy, untrustedSender } from '../trusted-proxies.js';
import type { ClientCertificatePolicy, TrustedHeader } from './client-certificate-policy.js';
import { certificateThumbprint, type ConnectedRequest } from './client-certificate.js';

/**
 * The formats that a message may suggest. `base64-der-chain` is left out, because two fields that a proxy joined may
 * look like a chain.
 */
const LIKELY_FORMATS = CLIENT_CERTIFICATE_FORMATS.filter((name) => name !== 'base64-der-chain');

/**
 * Describes for the log why a request did not show the certificate that its token is bound to. The text
 * contains nothing that the client wrote.
 */
export function certificateProblem(
  request: ConnectedRequest,
  policy: ClientCertificatePolicy,
): string {
  const problem = policy === 'tls' ? tlsProblem(request) : headerProblem(request, policy);
  const shown = problem === undefined ? certificateThumbprint(request, policy) : undefined;
  return (
    problem ??
    `the request shows another certificate (its x5t#S256 is ${shown ?? 'unknown'}); the client has a new certificate, or the proxy shows its own`
  );
}

function tlsProblem({ socket }: ConnectedRequest): string | undefined {
  if (socket?.getPeerX509Certificate === undefined) {
    return 'the connection is not TLS; where TLS ends at a proxy, set clientCertificate to { header, trustedProxies }';
  }
  return socket.getPeerX509Certificate() === undefined
    ? 'the client showed no certificate; requestCert: true must be among the TLS options of the server'
    : undefined;
}

function headerProblem(request: ConnectedRequest, policy: TrustedHeader): string | undefined {
  const { header, format } = policy;
  const value = request.headers[header];
  if (typeof value !== 'string') {
    return `the request has no header "${header}"; the client showed no certificate, or the proxy does not pass it on`;
  }
  if (!isFromProxy(request, policy.trustedProxies)) {
    return `the header "${header}" came from ${untrustedSender(request, policy.trustedProxies)}`;
  }
  const certificate = forwardedCertificate(value, format);
  if (certificate === undefined) {
    return `the header "${header}" does not have the format "${format}"; ${formatProblem(value, format)}`;
  }
  return certificate.der === undefined || isCertificate(certificate.der)
    ? undefined
    : `the header "${header}" has the format "${format}", but contains no X.509 certificate`;
}

function formatProblem(value: string, format: ClientCertificateFormat): string {
  // Caddy writes the colons of RFC 9440 without a certificate too.
  if (value === '' || value === '::') {
    return 'it is empty: the client showed no certificate';
  }
  const likely = LIKELY_FORMATS.find((name) => forwardedCertificate(value, name) !== undefined);
  if (likely !== undefined) {
    return `it has the format "${likely}": set clientCertificate.format to "${likely}"`;
  }
  if (format === 'xfcc' && digestsInXfcc(value) > 1) {
    return 'it contains more than one Hash: have the proxy replace the header (SANITIZE_SET), and every proxy behind it pass it on unchanged';
  }
  return value.includes(',')
    ? 'it contains a comma: it may be a chain of certificates, which only the format "base64-der-chain" allows, or two such headers, one of which the proxy has to remove'
    : 'it cannot be read';
}

function isCertificate(der: Buffer): boolean {
  try {
    return new X509Certificate(der).raw.length > 0;
  } catch {
    return false;
  }
}
