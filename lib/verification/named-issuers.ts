import type { ProtectedResource } from '../protected-resource/protected-resource.js';

/**
 * Returns all issuers that the options of a resource name, for whatever kind of token: authorization servers,
 * the application's own verifiers, and a proxy.
 */
export function namedIssuers(resource: ProtectedResource): readonly string[] {
  const { issuers, ownIssuers, proxyAssertion } = resource;
  return [...issuers, ...ownIssuers, ...(proxyAssertion?.resource.issuers ?? [])];
}
