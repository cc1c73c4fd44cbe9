import { X509Certificate } from 'node:crypto';
import { parseUrl } from '../../url/parse-url.js';
import { constraint } from '../validation/constraint.js';

/** Checks for the URL of a forward proxy, or `'environment'` to read it from environment variables. */
export const IsProxy = constraint('isProxy', (value) => {
  const url = typeof value === 'string' ? parseUrl(value) : undefined;
  return value === 'environment' || ['http:', 'https:'].includes(url?.protocol ?? '')
    ? undefined
    : "must be 'environment', or the http: or https: URL of a proxy";
});

/** Checks for the certificate of a certificate authority in PEM. */
export const IsCertificateAuthority = constraint('isCertificateAuthority', (value) => {
  try {
    new X509Certificate(String(value));
    return undefined;
  } catch {
    return 'must be a certificate in PEM: "-----BEGIN CERTIFICATE-----…"';
  }
});
