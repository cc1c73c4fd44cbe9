import { X509Certificate } from 'node:crypto';
import { parseUrl } from '../../url/parse-url.js';
import { constraint } from '../validation/constraint.js';

/** A forward proxy. */
export const IsProxy = constraint('isProxy', (value) => {
  const url = typeof value === 'string' ? parseUrl(value) : undefined;
  return value === 'environment' || ['http:', 'https:'].includes(url?.protocol ?? '')
    ? undefined
    : "must be 'environment', or the http: or https: URL of a proxy";
});

/** A certificate in PEM. */
export const IsCertificateAuthority = constraint('isCertificateAuthority', (value) => {
  try {
    return new X509Certificate(String(value)).raw.length > 0 ? undefined : '';
  } catch {
    return 'must be a certificate in PEM: "-----BEGIN CERTIFICATE-----…"';
  }
});
