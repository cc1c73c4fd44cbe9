import { hierarchyCycle, type ScopeHierarchyOptions } from '../../scope/scope-hierarchy.js';
import { scopeTokenProblem } from '../../scope/scope-token.js';
import { constraint } from '../validation/constraint.js';

export const IsScopeHierarchy = constraint('isScopeHierarchy', scopeHierarchyProblem);

function scopeHierarchyProblem(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return "must be an object of arrays, such as { notes: ['read:notes'] }";
  }
  for (const [broad, narrower] of Object.entries(value as Record<string, unknown>)) {
    if (!Array.isArray(narrower)) {
      return `must have an array of scopes for "${broad}"`;
    }
    const problem = [broad, ...(narrower as unknown[])].map(scopeTokenProblem).find(Boolean);
    if (problem !== undefined) {
      return `has a scope at "${broad}" that ${problem}`;
    }
  }
  const cycle = hierarchyCycle(value as ScopeHierarchyOptions);
  return cycle && `has a cycle, ${cycle}; a scope cannot imply itself`;
}
