import { describe, expect, it } from '@jest/globals';
import { cheapestScopes } from '../../../lib/scope/cheapest-scopes.js';
import { isSatisfied, type ScopeRequirement } from '../../../lib/scope/scope-requirement.js';
import { CONSTANT, cpuTime, growthOf, LINEAR } from '../../support/cpu-time.js';

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

  it.each(requirements)('does not grow with the number of granted scopes: %s', (_, make) => {
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

  it.each(requirements)('grows at most linearly with its size: %s', (_, make) => {
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

  it('grows with the number of scopes, not with their combinations', () => {
    const costOf = (choices: number) => {
      const needed = Array.from({ length: choices }, (_, at) => choice(at, 50));
      return cpuTime(() => cheapestScopes(needed, new Set()));
    };
    // The second choice is combined with 50 ways, but each later choice with only one way.
    const ratio = costOf(100) / costOf(1);
    expect(ratio).toBeLessThan(500);
  });
});
