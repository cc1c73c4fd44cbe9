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
 * Checks that none of the issuers is also the issuer of the tokens of an authorization server of the resource.
 * The application's own verifiers may return those issuers anyway.
 */
export const AreOwnIssuers = constraint<IssuingResource>(
  'areOwnIssuers',
  (value, { metadata = {} }) => {
    const issuers = [value].flat().filter((issuer) => typeof issuer === 'string');
    const server = sharedIssuer(issuers, namedServers(metadata.authorizationServers ?? []));
    if (server !== undefined) {
      return `names "${server}", which is the issuer of the tokens of a server in metadata.authorizationServers; remove it from ownIssuers, since your own verifiers may return such an issuer anyway`;
    }
    return issuers.some(isTemplate) && !isTemplate(metadata.resource)
      ? 'contains "{tenant}", but metadata.resource does not, so the resource has no tenants'
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
