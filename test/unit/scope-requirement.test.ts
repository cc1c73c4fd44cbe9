import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cheapestScopes } from '../../lib/scope/cheapest-scopes.js';
import {
  effectiveScopes,
  hierarchyCycle,
  resolveScopeHierarchy,
  type ScopeHierarchyOptions,
} from '../../lib/scope/scope-hierarchy.js';
import {
  isSatisfied,
  requirementProblem,
  type ScopeRequirement,
} from '../../lib/scope/scope-requirement.js';
import { CONSTANT, growthOf, LINEAR } from '../support/cpu-time.js';

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
  const SHAPE = 'must be a scope, an array of which all are needed, or { anyOf: [...] }';
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

describe('the cost of a scope requirement', () => {
  const choice = (at: number, of: number) => ({
    anyOf: Array.from({ length: of }, (_, index) => [`a${at}.${index}`, `b${at}.${index}`]),
  });
  const requirements: [string, (size: number) => ScopeRequirement][] = [
    ['many choices', (size) => Array.from({ length: size }, (_, at) => choice(at, 50))],
    ['many scopes', (size) => Array.from({ length: size * 50 }, (_, at) => `s${at}`)],
    [
      'many choices of choices',
      (size) =>
        Array.from({ length: size }, (_, at) => ({
          anyOf: [[choice(at, 5), choice(-at, 5)], choice(at + size, 5)],
        })),
    ],
  ];

  it.each(requirements)('does not grow with the scopes that are granted: %s', (_, make) => {
    const needed = make(5);
    const enough = cheapestScopes(needed, new Set());
    const growth = growthOf(1000, (size) => {
      const others = Array.from({ length: size }, (_none, at) => `granted${at}`);
      const [some, all] = [new Set(others), new Set([...others, ...enough])];
      return () => {
        isSatisfied(needed, all);
        cheapestScopes(needed, some);
      };
    });
    expect(growth).toBeLessThan(CONSTANT);
  });

  it.each(requirements)('grows with its size, not faster: %s', (_, make) => {
    const granted = new Set(Array.from({ length: 1000 }, (_none, at) => `granted${at}`));
    const all = (needed: ScopeRequirement) => {
      isSatisfied(needed, granted);
      return cheapestScopes(needed, granted);
    };
    const needed = make(25);
    expect(isSatisfied(needed, new Set(all(needed)))).toBe(true);
    const growth = growthOf(10, (size) => {
      const sized = make(size);
      return () => all(sized);
    });
    expect(growth).toBeLessThan(LINEAR);
  });
});

describe('a scope hierarchy', () => {
  it('is transitive', () => {
    expect([...grant(['a'], { a: ['b'], b: ['c', 'd'], x: ['y'] })]).toEqual(['a', 'b', 'c', 'd']);
  });

  it('has a cycle exactly where a scope implies itself', () => {
    const any = fc.dictionary(scope, scopes);
    fc.assert(
      fc.property(any, (options) => {
        const implied = resolveScopeHierarchy(options);
        const hasOne = [...implied].some(([broad, narrower]) => narrower.has(broad));
        expect(hierarchyCycle(options) !== undefined).toBe(hasOne);
      }),
    );
  });

  it('that has a cycle is shown it, and it alone', () => {
    const options = { first: ['a'], a: ['x', 'b'], b: ['c'], c: ['a'], x: [] };
    expect(hierarchyCycle(options)).toBe('a → b → c → a');
  });

  it('may be deep, and is worked out in time', () => {
    const name = (at: number) => `s${at}`;
    const chain = Object.fromEntries(
      Array.from({ length: 2000 }, (_, at) => [name(at), [name(at + 1)]]),
    );
    expect(hierarchyCycle(chain)).toBeUndefined();
    const reversed = Array.from({ length: 2000 }, (_, at) => name(1999 - at));
    expect(grant(reversed, chain).size).toBe(2001);
  });

  it('is not confused by names that every object has', () => {
    expect([...grant(['constructor', '__proto__'], {})]).toEqual(['constructor', '__proto__']);
  });
});
