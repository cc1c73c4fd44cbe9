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
  it('that is met stays met with more scopes', () => {
    fc.assert(
      fc.property(requirement, hierarchy, scopes, scopes, (needed, options, granted, more) => {
        const before = isSatisfied(needed, grant(granted, options));
        const after = isSatisfied(needed, grant([...granted, ...more], options));
        return !before || after;
      }),
    );
  });

  it('is met by the scopes that a refusal names, alone and added to those there', () => {
    fc.assert(
      fc.property(requirement, hierarchy, scopes, (needed, options, granted) => {
        const challenged = cheapestScopes(needed, grant(granted, options));
        expect(isSatisfied(needed, grant(challenged, options))).toBe(true);
        expect(isSatisfied(needed, grant([...granted, ...challenged], options))).toBe(true);
      }),
    );
  });

  it('is refused with no more missing scopes than any other way to meet it has', () => {
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

  it('is well-formed wherever it comes from the type', () => {
    fc.assert(fc.property(requirement, (needed) => requirementProblem(needed) === undefined));
  });

  it('is never taken from something else', () => {
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
    ['as many scopes as there may be', many(100), undefined],
    ['more scopes', many(101), 'names more than 100 scopes'],
    [
      'more scopes among alternatives',
      { anyOf: [many(60), many(41)] },
      'names more than 100 scopes',
    ],
    ['as deep as it may be', nested(10), undefined],
    ['deeper', nested(11), 'is nested more than 10 deep'],
    ['alternatives as deep as they may be', anyNested(10), undefined],
    ['deeper alternatives', anyNested(11), 'is nested more than 10 deep'],
    ['nothing', [], EMPTY],
    ['nothing within', ['a', []], EMPTY],
    ['no alternative', { anyOf: [] }, EMPTY],
    ['another member beside anyOf', { anyOf: ['a'], allOf: ['b'] }, SHAPE],
    ['anyOf that is no array', { anyOf: 'a' }, SHAPE],
    ['null', null, SHAPE],
    ['a number', 5, SHAPE],
    ['two scopes in one string', ['a', 'b c'], expect.stringContaining('a single scope') as never],
  ])('is judged: %s', (_, value, problem) => {
    expect(requirementProblem(value)).toEqual(problem);
  });

  it('with endless ways to meet it is weighed in bounded time', () => {
    const choices = Array.from({ length: 40 }, (_, index) => ({
      anyOf: [`a${index}`, `b${index}`],
    }));
    expect(cheapestScopes(choices, new Set(['b7']))).toHaveLength(40);
  });
});
