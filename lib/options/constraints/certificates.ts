import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { systemCodeOf } from '../../errors/system-code.js';
import { constraint } from '../validation/constraint.js';

/** Checks for a certificate in PEM. Certificates of intermediate authorities may follow. */
export const IsCertificate = constraint('isCertificate', (value) =>
  certificateIn(value) === undefined ? mustBePem('a certificate', 'CERTIFICATE', value) : undefined,
);

/** Returns the first certificate in a PEM, or `undefined` if there is none. */
export function certificateIn(pem: unknown): X509Certificate | undefined {
  try {
    return new X509Certificate(textOf(pem));
  } catch {
    return undefined;
  }
}

/** The options of a certificate and its key. They may still be invalid. */
interface KeyPair {
  cert?: unknown;
  passphrase?: unknown;
}

/** Checks for the private key of a certificate. No message has a part of the key. */
export const IsKeyOfCertificate = constraint<KeyPair>(
  'isKeyOfCertificate',
  (key, { cert, passphrase }) => {
    if (isEncrypted(key) && passphrase === undefined) {
      return 'is encrypted; give its "passphrase" too';
    }
    const opened = openedKey(key, passphrase);
    if (opened === undefined) {
      return isEncrypted(key)
        ? 'cannot be decrypted with "passphrase"'
        : mustBePem('a private key', 'PRIVATE KEY', key);
    }
    return pairProblem(opened, cert);
  },
);

/** Returns whether a private key in PEM is encrypted, in PKCS #8 or in the older form of OpenSSL. */
export function isEncrypted(key: unknown): boolean {
  return textOf(key).includes('ENCRYPTED');
}

function openedKey(key: unknown, passphrase: unknown): KeyObject | undefined {
  try {
    return createPrivateKey({ key: textOf(key), passphrase: passphrase as string | undefined });
  } catch {
    return undefined;
  }
}

/** Finds what is wrong with a certificate and a key that can both be read. */
function pairProblem(key: KeyObject, cert: unknown): string | undefined {
  const certificate = certificateIn(cert);
  if (certificate === undefined) {
    return undefined;
  }
  if (!certificate.checkPrivateKey(key)) {
    return 'is not the key of "cert"';
  }
  try {
    createSecureContext({ cert: textOf(cert), key: key.export({ type: 'pkcs8', format: 'pem' }) });
    return undefined;
  } catch (error) {
    return `cannot be used for TLS with "cert" (${systemCodeOf(error) ?? 'unknown reason'})`;
  }
}

function mustBePem(what: string, label: string, given: unknown): string {
  // Many tools write a line break in an environment variable as a backslash and an "n".
  const remedy = textOf(given).includes('\\n') ? ', with real line breaks in place of "\\n"' : '';
  return `must be ${what} in PEM: "-----BEGIN ${label}-----…"${remedy}`;
}

/** Returns a PEM as text. `readFileSync` without an encoding returns a `Buffer`. */
function textOf(pem: unknown): string {
  return typeof pem === 'string' || Buffer.isBuffer(pem) ? pem.toString() : '';
}
