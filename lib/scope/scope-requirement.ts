import { scopeTokenProblem } from './scope-token.js';

/**
 * The scopes that an operation requires: one scope, all items of an array, or one item of `{ anyOf }`. Arrays and
 * `anyOf` can be nested.
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

/** The limits of a requirement. They exist because a function may compute it for each request. */
const MAX_DEPTH = 10;
const MAX_SCOPES = 100;

/** Returns what is wrong with a value that must be a requirement. */
export function requirementProblem(value: unknown): string | undefined {
  const scopes: unknown[] = [];
  const problem = shapeProblem(value, scopes, MAX_DEPTH);
  if (problem !== undefined) {
    return problem;
  }
  const wrong = scopes.map((scope) => scopeTokenProblem(scope)).find(Boolean);
  return wrong ?? (scopes.length > MAX_SCOPES ? `names more than ${MAX_SCOPES} scopes` : undefined);
}

/** Checks the form of a requirement, and collects its scopes. */
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
    return 'must be a scope, an array of scopes that are all required, or { anyOf: [...] }';
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

/** Returns all scopes that a requirement names. */
export function scopesIn(requirement: ScopeRequirement): string[] {
  if (typeof requirement === 'string') {
    return [requirement];
  }
  const parts = 'anyOf' in requirement ? requirement.anyOf : requirement;
  return parts.flatMap(scopesIn);
}

/** Returns `true` if the granted scopes meet the requirement. */
export function isSatisfied(requirement: ScopeRequirement, granted: ReadonlySet<string>): boolean {
  if (typeof requirement === 'string') {
    return granted.has(requirement);
  }
  return 'anyOf' in requirement
    ? requirement.anyOf.some((part) => isSatisfied(part, granted))
    : requirement.every((part) => isSatisfied(part, granted));
}
