import { getOrMake } from '../cache/get-or-make.js';
import type { ConfiguredAuthorizationServer } from '../authorization-server/authorization-server-registry.js';
import type { ProtectedResource } from '../protected-resource/protected-resource.js';
import type { TokenVerificationContext } from '../token/token-verifier.js';

type Contexts = WeakMap<ProtectedResource, TokenVerificationContext>;

/** The contexts by server and resource: resources may share a resolver, and so its authorization servers. */
const contextsByServer = new WeakMap<ConfiguredAuthorizationServer, Contexts>();

/**
 * Returns the resource with one more trusted authorization server. The tokens of that server have the one
 * `iss` that a resolver was asked about.
 */
export function withTrustedServer(
  server: ConfiguredAuthorizationServer,
  resource: ProtectedResource,
): TokenVerificationContext {
  const contexts = getOrMake(contextsByServer, server, (): Contexts => new WeakMap());
  return getOrMake(contexts, resource, () => withServer(server, resource));
}

function withServer(
  server: ConfiguredAuthorizationServer,
  resource: ProtectedResource,
): TokenVerificationContext {
  const { tokenIssuers, options } = server;
  const [issuer = ''] = tokenIssuers;
  const claims = Object.freeze({ ...resource.claimsOf(issuer), ...options.claims });
  return Object.freeze({
    ...resource,
    issuers: Object.freeze([...resource.issuers, issuer]),
    servers: new Map([...(resource.servers ?? []), [issuer, server]]),
    claimsOf: (named: string) => (named === issuer ? claims : resource.claimsOf(named)),
  });
}
