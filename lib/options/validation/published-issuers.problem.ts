import { issuerOf } from '../authorization-server.options.js';
import { namedServers, resolverAmong } from '../authorization-server-resolver.js';
import { eachItem } from './checked.js';
import { issuerIdentifier } from './problems.js';

/** As much of a protected resource as decides on what is published; none of it validated yet. */
interface PublishingResource {
  metadata?: { authorizationServers?: unknown };
  tenants?: unknown;
}

/** What keeps a value from being the issuers to publish; nothing where it may be left out. */
export function publishedIssuersProblem(
  value: unknown,
  { metadata, tenants }: PublishingResource,
): string | undefined {
  const { authorizationServers } = metadata ?? {};
  const named = namedServers(authorizationServers ?? []);
  const isOpen = resolverAmong(authorizationServers) !== undefined;
  const isPerTenant = typeof tenants === 'function';
  if (value === undefined) {
    return isOpen && named.length === 0 && !isPerTenant
      ? 'must name the issuers at which clients can log in, since metadata.authorizationServers is a resolver, which cannot be listed; an empty array publishes none'
      : undefined;
  }
  return (
    eachItem(issuerIdentifier)(value, {}) ??
    (isOpen || isPerTenant ? undefined : strangerProblem(value as string[], named.map(issuerOf)))
  );
}

function strangerProblem(published: string[], named: (string | undefined)[]): string | undefined {
  const stranger = published.find((issuer) => !named.includes(issuer));
  return (
    stranger &&
    `names "${stranger}", which metadata.authorizationServers does not: its tokens would be refused`
  );
}
