/** Groups of four characters; the last one, if it is shorter, without bits after the end. */
const CANONICAL = /^(?:[\w-]{4})*(?:[\w-][AQgw]|[\w-]{2}[AEIMQUYcgkosw048])?$/;

/**
 * RFC 7515, section 2: base64url without padding; and, as RFC 4648, section 3.5 allows, no bits after
 * the end. Else whoever holds a token could spell it in many ways, each another token to what keeps or
 * revokes tokens. Header and payload are signed as they are spelled.
 */
export function isCanonicalSignature(token: string): boolean {
  return CANONICAL.test(token.slice(token.lastIndexOf('.') + 1));
}
