import { issuerOf } from '../authorization-server.options.js';
import { namedServers, resolverAmong } from '../authorization-server-resolver.js';
import { constraint } from '../validation/constraint.js';

/** As much of a protected resource as decides on what is published; none of it validated yet. */
interface PublishingResource {
  metadata?: { authorizationServers?: unknown };
  tenants?: unknown;
}

/** Returns whether clients cannot be told where to log in unless it is said in so many words. */
export function needsPublishedIssuers({ metadata, tenants }: PublishingResource): boolean {
  const { authorizationServers } = metadata ?? {};
  const isOpen = resolverAmong(authorizationServers) !== undefined;
  return isOpen && namedServers(authorizationServers).length === 0 && typeof tenants !== 'function';
}

/** Issuers whose tokens the resource accepts, as far as the options tell. */
export const AreTrustedIssuers = constraint<PublishingResource>(
  'areTrustedIssuers',
  (value, { metadata, tenants }) => {
    const { authorizationServers } = metadata ?? {};
    const named = namedServers(authorizationServers ?? []).map(issuerOf);
    const isOpen = resolverAmong(authorizationServers) !== undefined;
    const issuers = [value].flat().filter((issuer) => typeof issuer === 'string');
    const untrusted = issuers.find((issuer) => !named.includes(issuer));
    return untrusted === undefined || isOpen || typeof tenants === 'function'
      ? undefined
      : `names "${untrusted}", which metadata.authorizationServers does not: its tokens would be refused`;
  },
);
