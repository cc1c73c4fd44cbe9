/** Returns 256 random bits as text: a `state`, or a `code_verifier` (RFC 7636, section 4.1). */
export function randomText() {
  return base64Url(crypto.getRandomValues(new Uint8Array(32)));
}

/**
 * Returns the `code_challenge` of a `code_verifier`, by the method `S256`.
 *
 * @param {string} verifier
 */
export async function challengeOf(verifier) {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  return base64Url(new Uint8Array(hash));
}

/** @param {Uint8Array} bytes */
function base64Url(bytes) {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
