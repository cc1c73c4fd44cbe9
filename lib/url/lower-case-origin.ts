/**
 * Returns an identifier with its scheme and host in lower case, because upper and lower case mean the same
 * there (RFC 3986, section 6.2.2.1). Only `http:` and `https:` URLs change, and only the ASCII letters of
 * their scheme and host: `toLowerCase()` alone would turn the Kelvin sign into a "k".
 */
export function withLowerCaseOrigin(identifier: string): string {
  return identifier.replace(/^https?:\/\/[^/?#@]*(?=[/?#]|$)/i, (origin) =>
    origin.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()),
  );
}
