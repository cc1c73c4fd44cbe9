import type { AuthorizationServerType } from '../../options/authorization-server.options.js';
import { appendWellKnown, insertWellKnown } from '../../url/well-known-url.js';

const OAUTH = 'oauth-authorization-server';
const OIDC = 'openid-configuration';

/**
 * Returns the URLs where an issuer's metadata may be, in the order in which to try them.
 *
 * With a type, the only candidate is the URL of that standard. Without a type, the order is that of the MCP
 * specification: OAuth with path insertion, OpenID Connect with path insertion, OpenID Connect with path
 * appending.
 */
export function metadataUrls(issuer: string, type?: AuthorizationServerType): string[] {
  const withoutSlash = issuer.replace(/\/$/, '');
  if (type === 'oauth') {
    return [insertWellKnown(withoutSlash, OAUTH)];
  }
  if (type === 'oidc') {
    return [appendWellKnown(withoutSlash, OIDC)];
  }
  const candidates = [
    insertWellKnown(withoutSlash, OAUTH),
    insertWellKnown(withoutSlash, OIDC),
    appendWellKnown(withoutSlash, OIDC),
  ];
  return [...new Set(candidates)];
}
