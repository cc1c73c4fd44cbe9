import type { AuthorizationServerRegistry } from '../authorization-server/authorization-server-registry.js';
import { ASYMMETRIC_ALGORITHMS } from '../options/jwt.options.js';
import type { ProxyAssertionOptions } from '../options/proxy-assertion.options.js';
import { blockListOf } from '../possession/trusted-proxies.js';
import { resolveDpopPolicy } from '../possession/dpop/resolve-dpop-policy.js';
import type { JwtPolicy } from '../token/jwt-policy.js';
import type { ProtectedResource, ProxyAssertionPolicy } from './protected-resource.js';

/** Resolves the option `proxyAssertion` of a resource. */
export function resolveProxyAssertion(
  options: ProxyAssertionOptions,
  resource: ProtectedResource,
  registry: AuthorizationServerRegistry,
): ProxyAssertionPolicy {
  const { header, issuer, audience, trustedProxies } = options;
  const claims = Object.freeze({ ...options.claims });
  return Object.freeze({
    header: header.toLowerCase(),
    trustedProxies: trustedProxies && blockListOf(trustedProxies),
    resource: Object.freeze({
      ...resource,
      issuers: [issuer],
      servers: new Map([[issuer, registry.asserting(options)]]),
      issuerResolver: undefined,
      audiences: [audience].flat(),
      claimsOf: () => claims,
      jwt: jwtPolicy(resource.jwt),
      tokenVerifier: undefined,
      ownIssuers: [],
      dpop: resolveDpopPolicy(resource.resource, undefined),
      clientCertificate: undefined,
    }),
  });
}

/** Returns the requirements for an assertion. Of the option `jwt`, only `clockTolerance` applies to assertions. */
function jwtPolicy({ clockTolerance }: JwtPolicy): JwtPolicy {
  return Object.freeze({
    algorithms: ASYMMETRIC_ALGORITHMS,
    clockTolerance,
    requiredClaims: [],
    typ: undefined,
    maxTokenAge: undefined,
  });
}
