/**
 * @typedef {object} Claims what a JWT says (RFC 9068, section 2.2)
 * @property {string} [iss]
 * @property {string} [sub]
 * @property {string | string[]} [aud]
 */

/** An access token. Nothing but a request can get it out of here. */
export class Session {
  #token;

  /**
   * @param {string} token
   * @param {string[]} scopes
   * @param {number} expiresAt in milliseconds
   */
  constructor(token, scopes, expiresAt) {
    this.#token = token;
    this.scopes = scopes;
    this.expiresAt = expiresAt;
    this.header = partOf(token, 0);
    this.claims = partOf(token, 1);
  }

  /** The header field of a request with this token. */
  get authorization() {
    return `Bearer ${this.#token}`;
  }

  /** The form of a request to revoke this token (RFC 7009, section 2.1). */
  get revocation() {
    return new URLSearchParams({ token: this.#token, token_type_hint: 'access_token' });
  }
}

/**
 * Decodes a part of a JWT. An opaque token has no parts.
 *
 * @param {string} token
 * @param {number} index
 * @returns {Claims | undefined}
 */
function partOf(token, index) {
  const parts = token.split('.');
  if (parts.length !== 3) return undefined;
  try {
    const base64 = (parts[index] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
    /** @type {unknown} */
    const value = JSON.parse(new TextDecoder().decode(bytes));
    return value instanceof Object ? value : undefined;
  } catch {
    return undefined;
  }
}
