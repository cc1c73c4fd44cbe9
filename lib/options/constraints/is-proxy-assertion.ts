import { tokenIssuersOf } from '../authorization-server.options.js';
import { namedServers } from '../authorization-server-resolver.js';
import { constraint } from '../validation/constraint.js';
import { hasTenants, type TenantsOwner } from './tenants.js';

/** The options of a protected resource that an assertion must not contradict. They may still be invalid. */
interface AssertedResource extends TenantsOwner {
  allowedOrigins?: unknown;
  publishedIssuers?: unknown;
}

/** Checks that assertions of a proxy fit the other options of the resource. */
export const FitsProxyAssertion = constraint<AssertedResource>(
  'fitsProxyAssertion',
  (value, owner) => {
    const { issuer } = (value ?? {}) as { issuer?: unknown };
    if (hasTenants(owner)) {
      return 'is not available with "{tenant}" in metadata.resource, since an assertion does not name a tenant; remove this option';
    }
    if (owner.allowedOrigins === '*') {
      return 'contradicts allowedOrigins: "*", because the proxy authenticates a user\'s browser for pages of any origin; list the origins that may call';
    }
    const servers = namedServers(owner.metadata?.authorizationServers ?? []);
    const others: unknown[] = [...servers.flatMap(tokenIssuersOf), owner.publishedIssuers].flat();
    return typeof issuer === 'string' && others.includes(issuer)
      ? 'has the issuer of an authorization server, so an access token could be taken for an assertion; set "issuer" to the issuer of the proxy'
      : undefined;
  },
);
