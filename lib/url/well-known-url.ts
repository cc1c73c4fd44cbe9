/** The well-known path of the metadata of an authorization server without a path (RFC 8414, section 3.1). */
export const SERVER_DOCUMENT = '/.well-known/oauth-authorization-server';

/**
 * Returns the URL of a well-known document, with the well-known path inserted between host and path (RFC
 * 8414, section 3.1; RFC 9728, section 3.1). A query stays.
 */
export function insertWellKnown(identifier: string, suffix: string): string {
  const url = new URL(identifier);
  url.pathname = `/.well-known/${suffix}${url.pathname === '/' ? '' : url.pathname}`;
  return url.href;
}

/**
 * Returns the URL of a well-known document, with the well-known path appended to the path (OpenID Connect
 * Discovery 1.0, section 4).
 */
export function appendWellKnown(identifier: string, suffix: string): string {
  const url = new URL(identifier);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/.well-known/${suffix}`;
  return url.href;
}
