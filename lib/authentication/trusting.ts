import type { ConfiguredAuthorizationServer } from '../authorization-server/authorization-server-registry.js';
import type { ProtectedResource } from '../protected-resource/protected-resource.js';
import type { TokenVerificationContext } from '../token/token-verifier.js';

interface Trusting {
  readonly resource: ProtectedResource;
  readonly context: TokenVerificationContext;
}

const known = new WeakMap<ConfiguredAuthorizationServer, Trusting>();

/** The resource as it is where it trusts one more authorization server. */
export function trusting(
  server: ConfiguredAuthorizationServer,
  resource: ProtectedResource,
): TokenVerificationContext {
  const made = known.get(server);
  if (made?.resource === resource) {
    return made.context;
  }
  const context = withServer(server, resource);
  known.set(server, { resource, context });
  return context;
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
