import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cheapestScopes } from '../../../lib/scope/cheapest-scopes.js';
import {
  effectiveScopes,
  resolveScopeHierarchy,
  type ScopeHierarchyOptions,
} from '../../../lib/scope/scope-hierarchy.js';
import {
  isSatisfied,
  requirementProblem,
  type ScopeRequirement,
} from '../../../lib/scope/scope-requirement.js';

const scope = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const scopes = fc.uniqueArray(scope);

const { requirement } = fc.letrec<{ requirement: ScopeRequirement }>((tie) => ({
  requirement: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scope,
    fc.array(tie('requirement'), { minLength: 1, maxLength: 3 }),
    fc.record({ anyOf: fc.array(tie('requirement'), { minLength: 1, maxLength: 3 }) }),
  ),
}));

/** A hierarchy without a cycle: a scope implies later letters only. */
const hierarchy = fc
  .array(fc.tuple(scope, scope))
  .map((pairs) => pairs.filter(([broad, narrow]) => broad < narrow))
  .map((pairs) => {
    const options: Record<string, string[]> = {};
    pairs.forEach(([broad, narrow]) => (options[broad] ??= []).push(narrow));
    return options;
  });

const grant = (granted: readonly string[], options: ScopeHierarchyOptions) =>
  effectiveScopes(granted, resolveScopeHierarchy(options));

describe('a scope requirement', () => {
  it('stays satisfied with more scopes', () => {
    fc.assert(
      fc.property(requirement, hierarchy, scopes, scopes, (needed, options, granted, more) => {
        const before = isSatisfied(needed, grant(granted, options));
        const after = isSatisfied(needed, grant([...granted, ...more], options));
        return !before || after;
      }),
    );
  });

  it('is satisfied by the scopes that the challenge names, alone and together with the granted scopes', () => {
    fc.assert(
      fc.property(requirement, hierarchy, scopes, (needed, options, granted) => {
        const challenged = cheapestScopes(needed, grant(granted, options));
        expect(isSatisfied(needed, grant(challenged, options))).toBe(true);
        expect(isSatisfied(needed, grant([...granted, ...challenged], options))).toBe(true);
      }),
    );
  });

  it('leads to a challenge with the fewest missing scopes', () => {
    const all = ['a', 'b', 'c', 'd', 'e', 'f'];
    const subsets = Array.from({ length: 64 }, (_, bits) =>
      all.filter((_name, i) => bits & (1 << i)),
    );
    fc.assert(
      fc.property(requirement, scopes, (needed, granted) => {
        const cost = (given: readonly string[]) =>
          given.filter((name) => !(granted as string[]).includes(name)).length;
        const least = Math.min(
          ...subsets.filter((subset) => isSatisfied(needed, new Set(subset))).map(cost),
        );
        expect(cost(cheapestScopes(needed, new Set(granted)))).toBe(least);
      }),
    );
  });

  it('has no problem if it is of the type ScopeRequirement', () => {
    fc.assert(fc.property(requirement, (needed) => requirementProblem(needed) === undefined));
  });

  it('can be checked for any value without throwing', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(() => requirementProblem(value)).not.toThrow();
      }),
    );
  });

  const many = (length: number) => Array.from({ length }, (_, index) => `s${index}`);
  const nested = (depth: number): unknown => (depth === 1 ? 'a' : [nested(depth - 1)]);
  const anyNested = (depth: number): unknown =>
    depth === 1 ? 'a' : { anyOf: [anyNested(depth - 1)] };
  const SHAPE = 'must be a scope, an array of scopes that are all required, or { anyOf: [...] }';
  const EMPTY = 'must not be empty';

  it.each<[string, unknown, string | undefined]>([
    ['100 scopes are accepted', many(100), undefined],
    ['101 scopes are rejected', many(101), 'names more than 100 scopes'],
    [
      '101 scopes in alternatives are rejected',
      { anyOf: [many(60), many(41)] },
      'names more than 100 scopes',
    ],
    ['10 levels are accepted', nested(10), undefined],
    ['11 levels are rejected', nested(11), 'is nested more than 10 deep'],
    ['10 levels of alternatives are accepted', anyNested(10), undefined],
    ['11 levels of alternatives are rejected', anyNested(11), 'is nested more than 10 deep'],
    ['an empty array is rejected', [], EMPTY],
    ['an empty array inside an array is rejected', ['a', []], EMPTY],
    ['an empty anyOf is rejected', { anyOf: [] }, EMPTY],
    ['another member next to anyOf is rejected', { anyOf: ['a'], allOf: ['b'] }, SHAPE],
    ['anyOf that is not an array is rejected', { anyOf: 'a' }, SHAPE],
    ['null is rejected', null, SHAPE],
    ['a number is rejected', 5, SHAPE],
    [
      'two scopes in one string are rejected',
      ['a', 'b c'],
      expect.stringContaining('a single scope') as never,
    ],
  ])('is valid or not: %s', (_, value, problem) => {
    expect(requirementProblem(value)).toEqual(problem);
  });

  it('with 2^40 ways to satisfy it is solved in bounded time', () => {
    const choices = Array.from({ length: 40 }, (_, index) => ({
      anyOf: [`a${index}`, `b${index}`],
    }));
    expect(cheapestScopes(choices, new Set(['b7']))).toHaveLength(40);
  });
});
