import { isTemplate } from '../../url/tenant-template.js';
import {
  tokenIssuersOf,
  type AuthorizationServerOptions,
} from '../authorization-server.options.js';
import { namedServers } from '../authorization-server-resolver.js';
import { constraint } from '../validation/constraint.js';

/** The options of a protected resource that its own issuers are compared with. They may not be validated yet. */
interface IssuingResource {
  metadata?: { resource?: unknown; authorizationServers?: unknown };
}

/** Checks that none of the issuers is an authorization server of the resource, whose tokens are verified otherwise. */
export const AreOwnIssuers = constraint<IssuingResource>(
  'areOwnIssuers',
  (value, { metadata = {} }) => {
    const issuers = [value].flat().filter((issuer) => typeof issuer === 'string');
    const server = issuerOfServers(issuers, namedServers(metadata.authorizationServers ?? []));
    if (server !== undefined) {
      return `names "${server}", which metadata.authorizationServers names too; your own verifiers may return that issuer anyway, so remove it here`;
    }
    return issuers.some(isTemplate) && !isTemplate(metadata.resource)
      ? 'contains "{tenant}", but metadata.resource does not, so there are no tenants'
      : undefined;
  },
);

/** Returns the first of the issuers that the tokens of an authorization server have, if there is one. */
export function issuerOfServers(
  issuers: readonly string[],
  servers: readonly AuthorizationServerOptions[],
): string | undefined {
  const ofTokens = servers.flatMap(tokenIssuersOf);
  return issuers.find((issuer) => ofTokens.includes(issuer));
}
