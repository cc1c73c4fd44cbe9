/** `b64token` (RFC 6750, section 2.1): JWTs are, and most opaque tokens. */
const B64_TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

/**
 * Any visible character (RFC 6749, appendix A.12), but neither a space nor a comma: two tokens in one
 * header, and two headers that a proxy has joined, must not read as one token.
 */
const OPAQUE_TOKEN = /^[\x21-\x2b\x2d-\x7e]+$/;

/** Checks the grammar of a token that is presented as Bearer. */
export function isB64Token(text: string): boolean {
  return B64_TOKEN.test(text);
}

/** Checks the grammar of an opaque token, which may go beyond that of `b64token`. */
export function isOpaqueToken(text: string): boolean {
  return OPAQUE_TOKEN.test(text);
}
