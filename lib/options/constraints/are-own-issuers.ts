import { isTemplate } from '../../url/tenant-template.js';
import {
  tokenIssuersOf,
  type AuthorizationServerOptions,
} from '../authorization-server.options.js';
import { namedServers } from '../authorization-server-resolver.js';
import { constraint } from '../validation/constraint.js';

/**
 * The options of a protected resource with which its `ownIssuers` are compared. They may still be invalid.
 */
interface IssuingResource {
  metadata?: { resource?: unknown; authorizationServers?: unknown };
}

/**
 * Checks that the tokens of no authorization server of the resource have one of the issuers. Such tokens are not
 * verified by the application.
 */
export const AreOwnIssuers = constraint<IssuingResource>(
  'areOwnIssuers',
  (value, { metadata = {} }) => {
    const issuers = [value].flat().filter((issuer) => typeof issuer === 'string');
    const server = sharedIssuer(issuers, namedServers(metadata.authorizationServers ?? []));
    if (server !== undefined) {
      return `names "${server}", which metadata.authorizationServers names too; your own verifiers may return that issuer anyway, so remove it here`;
    }
    return issuers.some(isTemplate) && !isTemplate(metadata.resource)
      ? 'contains "{tenant}", but metadata.resource does not, so there are no tenants'
      : undefined;
  },
);

/** Returns the first of the given issuers that is also the issuer of a server's tokens, if there is one. */
export function sharedIssuer(
  issuers: readonly string[],
  servers: readonly AuthorizationServerOptions[],
): string | undefined {
  const ofTokens = servers.flatMap(tokenIssuersOf);
  return issuers.find((issuer) => ofTokens.includes(issuer));
}
