import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import type { ProtectedResource } from '../protected-resource/protected-resource.js';
import { isBuiltIn, namedVerifiers } from './built-in-verifiers.js';
import type { IntrospectionClients } from './introspection/introspection-clients.js';
import { IntrospectionTokenVerifier } from './introspection/introspection-token-verifier.js';

/**
 * Checks that the options `tokenVerifier` and `ownIssuers` of a resource have an effect. If the resource has a resolver
 * or tenants, not all of its authorization servers are known yet, so `IntrospectionTokenVerifier` is **not** checked.
 *
 * @throws McpAuthConfigurationError if one of these options has no effect
 */
export function assertVerifiersFit(
  resource: ProtectedResource,
  introspection: Pick<IntrospectionClients, 'of'>,
): void {
  const verifiers = namedVerifiers(resource);
  const areServersKnown = resource.issuerResolver === undefined && resource.tenants === undefined;
  if (
    verifiers.includes(IntrospectionTokenVerifier) &&
    areServersKnown &&
    introspection.of(resource).length === 0
  ) {
    throw new McpAuthConfigurationError(
      `The tokenVerifier of ${resource.resource} names IntrospectionTokenVerifier, but no authorization server of this resource has the option "introspection"; set that option, or remove the verifier.`,
    );
  }
  if (resource.ownIssuers.length > 0 && verifiers.every(isBuiltIn)) {
    throw new McpAuthConfigurationError(
      `The ownIssuers of ${resource.resource} have no effect without a verifier of your own in "tokenVerifier"; remove them.`,
    );
  }
}
