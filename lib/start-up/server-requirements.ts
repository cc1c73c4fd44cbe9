import type { ServerConfigResource } from '../authorization-server/metadata/server-checks.js';
import { getOrMake } from '../cache/get-or-make.js';
import type { ProtectedResource } from '../protected-resource/protected-resource.js';
import { requestedNames } from '../scope/scope-prefix.js';
import type { HandlersByScope } from './required-scopes.js';

/**
 * Returns, for each issuer in the options, what the resources require of its authorization server. Skips resources with
 * tenants, whose authorization servers are not known at start-up.
 */
export function serverRequirements(
  resources: readonly ProtectedResource[],
  required: ReadonlyMap<ProtectedResource, HandlersByScope>,
): ReadonlyMap<string, readonly ServerConfigResource[]> {
  const requirements = new Map<string, ServerConfigResource[]>();
  for (const protectedResource of resources.filter(({ tenants }) => tenants === undefined)) {
    const { resource, servers, dpop, scopePrefix } = protectedResource;
    const names = [...(required.get(protectedResource)?.keys() ?? [])];
    const scopes = requestedNames(names, scopePrefix);
    const issuers = [...(servers?.values() ?? [])].map(({ issuer }) => issuer);
    for (const issuer of new Set(issuers)) {
      getOrMake(requirements, issuer, () => []).push({ resource, scopes, dpop });
    }
  }
  return requirements;
}
