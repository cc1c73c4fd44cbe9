import { scopePrefixProblem } from '../../scope/scope-prefix.js';
import { isTemplate } from '../../url/tenant-template.js';
import { constraint } from '../validation/constraint.js';
import { hasTenants, type TenantsOwner } from './tenants.js';

/** The options of a protected resource that name scopes. They may still be invalid. */
interface ScopesOwner extends TenantsOwner {
  metadata?: TenantsOwner['metadata'] & { scopesSupported?: unknown };
  scopeHierarchy?: unknown;
}

/** Checks the option `scopePrefix`, and that the other options name scopes without it. */
export const IsScopePrefix = constraint<ScopesOwner>(
  'isScopePrefix',
  (value, owner) =>
    scopePrefixProblem(value) ??
    tenantProblem(value, owner) ??
    repeatedPrefixProblem(value as string, owner),
);

function tenantProblem(value: unknown, owner: ScopesOwner): string | undefined {
  return isTemplate(value) && !hasTenants(owner)
    ? 'contains "{tenant}", but metadata.resource does not, so the resource has no tenants'
    : undefined;
}

function repeatedPrefixProblem(prefix: string, owner: ScopesOwner): string | undefined {
  const { metadata, scopeHierarchy } = owner;
  const named = { 'metadata.scopesSupported': metadata?.scopesSupported, scopeHierarchy };
  for (const [option, given] of Object.entries(named)) {
    const repeated = textsIn(given).find((scope) => scope.startsWith(prefix));
    if (repeated !== undefined) {
      return `would be put before "${repeated}" of ${option} a second time; write "${repeated.slice(prefix.length)}" in ${option}, without the prefix, as tokens name the scope`;
    }
  }
  return undefined;
}

/**
 * Returns all strings in a list or in a hierarchy of scopes, which may still be invalid. For a list, they include
 * its indexes.
 */
function textsIn(given: unknown): string[] {
  const entries = typeof given === 'object' ? Object.entries(given ?? {}) : [];
  return entries.flat(2).filter((text) => typeof text === 'string');
}
