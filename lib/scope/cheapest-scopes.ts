import type { ScopeRequirement } from './scope-requirement.js';

/** As many ways to meet a requirement are weighed, the cheapest ones; a stranger's batch may have more. */
const MAX_ALTERNATIVES = 50;

/**
 * The scopes that a client should ask for to meet a requirement: of all ways to meet it the one with
 * the fewest scopes that are not granted yet, and of equals the one named first. All scopes of that
 * way are given, the granted ones too, in the order in which they are named.
 */
export function cheapestScopes(
  requirement: ScopeRequirement,
  granted: readonly string[],
): readonly string[] {
  const [cheapest] = alternatives(requirement, (scopes) => cost(scopes, granted));
  return [...(cheapest ?? [])];
}

type Scopes = ReadonlySet<string>;

function cost(scopes: Scopes, granted: readonly string[]): number {
  return [...scopes].filter((scope) => !granted.includes(scope)).length;
}

/** The ways to meet a requirement, the cheapest first. */
function alternatives(requirement: ScopeRequirement, costOf: (scopes: Scopes) => number): Scopes[] {
  if (typeof requirement === 'string') {
    return [new Set([requirement])];
  }
  if ('anyOf' in requirement) {
    return cheapestFirst(
      requirement.anyOf.flatMap((part) => alternatives(part, costOf)),
      costOf,
    );
  }
  return requirement.reduce<Scopes[]>(
    (ways, part) => {
      const more = alternatives(part, costOf);
      const combined = ways.flatMap((way) => more.map((scopes) => new Set([...way, ...scopes])));
      return cheapestFirst(combined, costOf);
    },
    [new Set()],
  );
}

/** `sort` is stable: of equals the one named first stays first. */
function cheapestFirst(ways: Scopes[], costOf: (scopes: Scopes) => number): Scopes[] {
  return ways.sort((a, b) => costOf(a) - costOf(b)).slice(0, MAX_ALTERNATIVES);
}
