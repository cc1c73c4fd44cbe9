/**
 * RFC 7515, section 2: base64url without padding; and, as RFC 4648, section 3.5 allows, no bits after
 * the end. Else whoever holds a token could spell it in many ways, each another token to what keeps or
 * revokes tokens. Header and payload are signed as they are spelled.
 */
export function hasOneSpelling(token: string): boolean {
  const signature = token.slice(token.lastIndexOf('.') + 1);
  return Buffer.from(signature, 'base64url').toString('base64url') === signature;
}
