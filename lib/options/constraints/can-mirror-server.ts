import { parseUrl } from '../../url/parse-url.js';
import { insertWellKnown, SERVER_DOCUMENT } from '../../url/well-known-url.js';
import { issuerOf } from '../authorization-server.options.js';
import { findResolver, namedServers } from '../authorization-server-resolver.js';
import { constraint } from '../validation/constraint.js';

/** The metadata of a protected resource whose authorization server is mirrored. It may still be invalid. */
interface MirroringMetadata {
  resource?: unknown;
  authorizationServers?: unknown;
}

/** Checks that the resource has one authorization server, whose document is fetched from elsewhere. */
export const CanMirrorServer = constraint<{ metadata?: MirroringMetadata }>(
  'canMirrorServer',
  (value, { metadata = {} }) => (value === true ? serverProblem(metadata) : undefined),
);

function serverProblem({ resource, authorizationServers }: MirroringMetadata): string | undefined {
  const [server, ...others] = namedServers(authorizationServers ?? []);
  if (!server || others.length > 0 || findResolver(authorizationServers) !== undefined) {
    return 'needs exactly one authorization server in metadata.authorizationServers, and no resolver, because clients that look only at the origin of the resource find only one server';
  }
  if (typeof server === 'object' && server.metadata !== undefined) {
    return 'needs an authorization server whose metadata is fetched, because the fetched document is published; give only the issuer of the server instead of "metadata"';
  }
  const issuer = String(issuerOf(server));
  return documentUrl(issuer) === `${originOf(resource)}${SERVER_DOCUMENT}`
    ? `has no effect: the document of the authorization server ${issuer} is already at the URL where clients look for it; remove this option`
    : undefined;
}

function documentUrl(issuer: string): string | undefined {
  return parseUrl(issuer) && insertWellKnown(issuer, 'oauth-authorization-server');
}

/** Returns the origin of a resource. A wrong identifier is reported by its own constraint. */
function originOf(resource: unknown): string {
  return parseUrl(String(resource))?.origin ?? '';
}
