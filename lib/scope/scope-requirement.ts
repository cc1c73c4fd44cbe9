import { scopeTokenProblem } from './scope-token.js';

/**
 * Which scopes an operation needs: a scope; all of an array; any of `{ anyOf }`. They nest.
 *
 * @example
 * ```ts
 * import type { ScopeRequirement } from 'nestjs-mcp-auth';
 *
 * const requirement: ScopeRequirement = { anyOf: ['admin', ['read:notes', 'write:notes']] };
 * ```
 */
export type ScopeRequirement =
  string | readonly ScopeRequirement[] | { readonly anyOf: readonly ScopeRequirement[] };

/** More than anybody writes by hand; what is computed must be bounded too. */
const MAX_DEPTH = 10;
const MAX_SCOPES = 100;

/** What keeps a value from being a requirement; nothing where it is one. */
export function requirementProblem(value: unknown): string | undefined {
  const scopes: unknown[] = [];
  const problem = shapeProblem(value, scopes, MAX_DEPTH);
  if (problem !== undefined) {
    return problem;
  }
  const wrong = scopes.map((scope) => scopeTokenProblem(scope)).find(Boolean);
  return wrong ?? (scopes.length > MAX_SCOPES ? `names more than ${MAX_SCOPES} scopes` : undefined);
}

/** Gathers the scopes of a requirement on the way. */
function shapeProblem(value: unknown, scopes: unknown[], depth: number): string | undefined {
  if (depth === 0) {
    return `is nested more than ${MAX_DEPTH} deep`;
  }
  if (typeof value === 'string') {
    scopes.push(value);
    return undefined;
  }
  const parts = partsOf(value);
  if (parts === undefined) {
    return 'must be a scope, an array of which all are needed, or { anyOf: [...] }';
  }
  if (parts.length === 0) {
    return 'must not be empty';
  }
  return parts.map((part) => shapeProblem(part, scopes, depth - 1)).find(Boolean);
}

function partsOf(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) {
    return value as unknown[];
  }
  const isAnyOf =
    typeof value === 'object' && value !== null && Object.keys(value).join() === 'anyOf';
  const { anyOf } = isAnyOf ? (value as { anyOf: unknown }) : {};
  return Array.isArray(anyOf) ? (anyOf as unknown[]) : undefined;
}

/** Whether the granted scopes are enough. */
export function isSatisfied(requirement: ScopeRequirement, granted: ReadonlySet<string>): boolean {
  if (typeof requirement === 'string') {
    return granted.has(requirement);
  }
  return 'anyOf' in requirement
    ? requirement.anyOf.some((part) => isSatisfied(part, granted))
    : requirement.every((part) => isSatisfied(part, granted));
}
