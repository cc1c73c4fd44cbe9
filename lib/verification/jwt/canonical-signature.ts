/** Matches groups of four characters. If the last group is shorter, its unused bits are zero. */
const CANONICAL = /^(?:[\w-]{4})*(?:[\w-][AQgw]|[\w-]{2}[AEIMQUYcgkosw048])?$/;

/**
 * Returns `true` if the signature is base64url without padding (RFC 7515, section 2), and its unused bits are zero (RFC
 * 4648, section 3.5). Without this check, the holder of a token could write the same signature in several ways. The
 * cache and the revocations would treat each spelling as another token. Header and payload need no such check, because
 * they are signed as they are written.
 */
export function isCanonicalSignature(token: string): boolean {
  return CANONICAL.test(token.slice(token.lastIndexOf('.') + 1));
}
