/**
 * What a challenge says: the header field `WWW-Authenticate` of a 401 or a 403 (RFC 6750, section 3).
 *
 * @typedef {object} Challenge
 * @property {string} [error]
 * @property {string} [description]
 * @property {string[]} scopes the scopes that the operation needs
 * @property {string} [resourceMetadata] the URL of the protected resource metadata (RFC 9728, section 5.1)
 */

/**
 * Reads a challenge of the scheme `Bearer`.
 *
 * @param {string} header
 * @returns {Challenge}
 */
export function readChallenge(header) {
  const parameters = new Map(
    [...header.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, name = '', value = '']) => [
      name,
      value.replace(/\\(.)/g, '$1'),
    ]),
  );
  return {
    error: parameters.get('error'),
    description: parameters.get('error_description'),
    scopes: parameters.get('scope')?.split(' ') ?? [],
    resourceMetadata: parameters.get('resource_metadata'),
  };
}
