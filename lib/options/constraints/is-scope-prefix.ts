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
    ? 'contains "{tenant}", but metadata.resource does not, so there are no tenants'
    : undefined;
}

function repeatedPrefixProblem(prefix: string, owner: ScopesOwner): string | undefined {
  const { metadata, scopeHierarchy } = owner;
  const named = { 'metadata.scopesSupported': metadata?.scopesSupported, scopeHierarchy };
  for (const [option, given] of Object.entries(named)) {
    const repeated = textsIn(given).find((scope) => scope.startsWith(prefix));
    if (repeated !== undefined) {
      return `would stand twice before "${repeated}" of ${option}; write "${repeated.slice(prefix.length)}" there, the name that tokens have`;
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
