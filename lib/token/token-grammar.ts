/** The grammar `b64token` (RFC 6750, section 2.1). JWTs and most opaque tokens match it. */
const B64_TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

/**
 * Any visible character (RFC 6749, appendix A.12) except space and comma: two tokens in one header, or two
 * headers that a proxy has joined, must not be read as one token.
 */
const OPAQUE_TOKEN = /^[\x21-\x2b\x2d-\x7e]+$/;

/** Returns `true` if a token matches `b64token`. */
export function isB64Token(text: string): boolean {
  return B64_TOKEN.test(text);
}

/** Returns `true` if a token has only the characters of an opaque token, which include those of `b64token`. */
export function isOpaqueToken(text: string): boolean {
  return OPAQUE_TOKEN.test(text);
}
