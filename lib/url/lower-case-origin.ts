/**
 * Returns an identifier with its scheme and host in lower case, as they compare equal (RFC 3986, section
 * 6.2.2.1). Only `http:` and `https:` URLs change, and nothing of them but the ASCII letters of scheme and
 * host: `toLowerCase()` alone would make a "k" of the Kelvin sign.
 */
export function withLowerCaseOrigin(identifier: string): string {
  return identifier.replace(/^https?:\/\/[^/?#@]*(?=[/?#]|$)/i, (origin) =>
    origin.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()),
  );
}
