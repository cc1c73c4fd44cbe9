import { issuerOf, tokenIssuersOf } from '../authorization-server.options.js';
import { namedServers, findResolver } from '../authorization-server-resolver.js';
import { constraint } from '../validation/constraint.js';

/**
 * The options of a protected resource that decide which issuers are published. They may still be invalid.
 */
interface PublishingResource {
  metadata?: { authorizationServers?: unknown };
  tenants?: unknown;
}

/**
 * Returns `true` if `publishedIssuers` is required. That is so if `authorizationServers` is only a resolver,
 * whose issuers cannot be listed, and no `tenants` function can name authorization servers.
 */
export function needsPublishedIssuers({ metadata, tenants }: PublishingResource): boolean {
  const { authorizationServers } = metadata ?? {};
  const isOpen = findResolver(authorizationServers) !== undefined;
  return isOpen && namedServers(authorizationServers).length === 0 && typeof tenants !== 'function';
}

/**
 * Checks that each issuer is one of the authorization servers that the options name. A resolver or a
 * `tenants` function can accept others at run time. With one of these, nothing is checked.
 */
export const AreTrustedIssuers = constraint<PublishingResource>(
  'areTrustedIssuers',
  (value, { metadata, tenants }) => {
    const { authorizationServers } = metadata ?? {};
    const servers = namedServers(authorizationServers ?? []);
    const named = servers.map(issuerOf);
    const isOpen = findResolver(authorizationServers) !== undefined;
    const issuers = [value].flat().filter((issuer) => typeof issuer === 'string');
    const untrusted = issuers.find((issuer) => !named.includes(issuer));
    if (untrusted === undefined || isOpen || typeof tenants === 'function') {
      return undefined;
    }
    return servers.flatMap(tokenIssuersOf).includes(untrusted)
      ? `names "${untrusted}", which is only the tokenIssuer of an authorization server; write the issuer of that server instead, because clients find its metadata there`
      : `names "${untrusted}", but metadata.authorizationServers does not, so tokens of this issuer would be rejected`;
  },
);
