import { issuerOf } from '../authorization-server.options.js';
import { namedServers, findResolver } from '../authorization-server-resolver.js';
import { constraint } from '../validation/constraint.js';

/**
 * The members of a protected resource that decide which issuers are published. They are not validated
 * yet.
 */
interface PublishingResource {
  metadata?: { authorizationServers?: unknown };
  tenants?: unknown;
}

/** Returns `true` if clients can learn where to log in only from `publishedIssuers`. */
export function needsPublishedIssuers({ metadata, tenants }: PublishingResource): boolean {
  const { authorizationServers } = metadata ?? {};
  const isOpen = findResolver(authorizationServers) !== undefined;
  return isOpen && namedServers(authorizationServers).length === 0 && typeof tenants !== 'function';
}

/** Checks, as far as the options tell, that the resource accepts the tokens of each issuer. */
export const AreTrustedIssuers = constraint<PublishingResource>(
  'areTrustedIssuers',
  (value, { metadata, tenants }) => {
    const { authorizationServers } = metadata ?? {};
    const named = namedServers(authorizationServers ?? []).map(issuerOf);
    const isOpen = findResolver(authorizationServers) !== undefined;
    const issuers = [value].flat().filter((issuer) => typeof issuer === 'string');
    const untrusted = issuers.find((issuer) => !named.includes(issuer));
    return untrusted === undefined || isOpen || typeof tenants === 'function'
      ? undefined
      : `names "${untrusted}", but metadata.authorizationServers does not, so its tokens would be rejected`;
  },
);
