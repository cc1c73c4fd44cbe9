import { getOrMake } from '../cache/get-or-make.js';
import { nameOf } from '../handler/handler.js';
import type { PreparedPolicy } from '../policy/access-policy-registry.js';
import type { McpEndpointPolicy } from '../mcp/mcp-endpoint.js';
import type { ScopeRequirement } from '../scope/scope-requirement.js';

/**
 * Lists the scopes that handlers require and `metadata.scopesSupported` of their resource does not list. This
 * may be a mistake. It may also be intended, for scopes that clients should not ask for at first. Returns
 * `undefined` if all are listed. Skips resources without `scopesSupported`.
 */
export function undeclaredScopes(prepared: readonly PreparedPolicy[]): string | undefined {
  const found = new Map<string, Set<string>>();
  for (const { handler, policy } of prepared) {
    if (policy === 'public' || policy.resource.metadata.scopes_supported === undefined) {
      continue;
    }
    const { resource, metadata } = policy.resource;
    const listed: readonly unknown[] = metadata.scopes_supported as readonly unknown[];
    const required = [...policy.scopes.fixed.flatMap(namesIn), ...operationScopes(policy.mcp)];
    for (const scope of required.filter((name) => !listed.includes(name))) {
      const key = `"${scope}" of ${resource}`;
      getOrMake(found, key, () => new Set<string>()).add(nameOf(handler));
    }
  }
  const all = [...found].map(([scope, handlers]) => `${scope} (${[...handlers].join(', ')})`);
  return all.length === 0
    ? undefined
    : `Scopes that handlers require, and metadata.scopesSupported does not list: ${all.join('; ')}. Clients learn of them by a challenge only.`;
}

function operationScopes(mcp: McpEndpointPolicy | undefined): string[] {
  const needed = (mcp?.named ?? []).flatMap(({ scopes }) => scopes);
  return needed.flatMap((scopes) => (typeof scopes === 'function' ? [] : namesIn(scopes)));
}

function namesIn(requirement: ScopeRequirement): string[] {
  if (typeof requirement === 'string') {
    return [requirement];
  }
  const parts = 'anyOf' in requirement ? requirement.anyOf : requirement;
  return parts.flatMap(namesIn);
}
