/** Groups of four characters. The last one, if it is shorter, has no bits after the end. */
const CANONICAL = /^(?:[\w-]{4})*(?:[\w-][AQgw]|[\w-]{2}[AEIMQUYcgkosw048])?$/;

/**
 * Checks that the signature is base64url without padding (RFC 7515, section 2) and, as RFC 4648, section
 * 3.5, allows, without bits after the end. Otherwise the holder of a token could write it in many ways. The
 * cache and the revocations would take each for another token. Header and payload are signed in their
 * written form.
 */
export function isCanonicalSignature(token: string): boolean {
  return CANONICAL.test(token.slice(token.lastIndexOf('.') + 1));
}
