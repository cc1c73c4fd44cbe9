import { getOrMake } from '../cache/get-or-make.js';
import type { ConfiguredAuthorizationServer } from '../authorization-server/authorization-server-registry.js';
import type { ProtectedResource } from '../protected-resource/protected-resource.js';
import type { TokenVerificationContext } from '../token/token-verifier.js';

type Contexts = WeakMap<ProtectedResource, TokenVerificationContext>;

/** Resources may share a resolver, and so its authorization servers. */
const known = new WeakMap<ConfiguredAuthorizationServer, Contexts>();

/** The resource as it is where it trusts one more authorization server. */
export function withTrustedServer(
  server: ConfiguredAuthorizationServer,
  resource: ProtectedResource,
): TokenVerificationContext {
  const contexts = getOrMake(known, server, (): Contexts => new WeakMap());
  return getOrMake(contexts, resource, () => withServer(server, resource));
}

function withServer(
  server: ConfiguredAuthorizationServer,
  resource: ProtectedResource,
): TokenVerificationContext {
  const { issuer, options } = server;
  const claims = Object.freeze({ ...resource.claimsOf(issuer), ...options.claims });
  return Object.freeze({
    ...resource,
    issuers: Object.freeze([...resource.issuers, issuer]),
    servers: new Map([...(resource.servers ?? []), [issuer, server]]),
    claimsOf: (named: string) => (named === issuer ? claims : resource.claimsOf(named)),
  });
}
