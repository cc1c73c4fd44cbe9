import type { ScopeRequirement } from './scope-requirement.js';

/** As many ways to meet a requirement are weighed, the cheapest ones. */
const MAX_ALTERNATIVES = 50;

/**
 * As often a way is held against another part of the requirement. The calls of a batch add up to one
 * requirement, and a client chooses the calls: from here on only the cheapest way is followed.
 */
const MAX_COMPARISONS = 2500;

/**
 * The scopes that a client should ask for to meet a requirement: of all ways to meet it the one with
 * the fewest scopes that are not granted yet, and of equals the one named first. All scopes of that
 * way are given, the granted ones too, in the order in which they are named.
 */
export function cheapestScopes(
  requirement: ScopeRequirement,
  granted: ReadonlySet<string>,
): readonly string[] {
  const [cheapest] = new Weighing(granted).alternatives(requirement);
  return [...(cheapest?.scopes ?? [])];
}

/** One way to meet a requirement. */
interface Way {
  readonly scopes: ReadonlySet<string>;
  /** How many of them are not granted. */
  readonly cost: number;
}

/** A way that is still being put together. */
interface OpenWay {
  readonly scopes: Set<string>;
  cost: number;
}

class Weighing {
  private left = MAX_COMPARISONS;

  constructor(private readonly granted: ReadonlySet<string>) {}

  /** The ways to meet a requirement, the cheapest first. */
  alternatives(requirement: ScopeRequirement): readonly Way[] {
    return typeof requirement !== 'string' && 'anyOf' in requirement
      ? cheapestFirst(requirement.anyOf.flatMap((part) => this.alternatives(part)))
      : this.extend([{ scopes: new Set(), cost: 0 }], requirement);
  }

  /** Those ways, each with one part more. */
  private extend(ways: readonly OpenWay[], part: ScopeRequirement): readonly OpenWay[] {
    if (typeof part === 'string') {
      ways.forEach((way) => {
        this.add(way, [part]);
      });
      return cheapestFirst(ways);
    }
    return 'anyOf' in part
      ? this.combine(ways, this.alternatives(part))
      : part.reduce<readonly OpenWay[]>((all, each) => this.extend(all, each), ways);
  }

  /** Every way with every alternative; the cheapest of them alone once too many were compared. */
  private combine(ways: readonly OpenWay[], more: readonly Way[]): readonly OpenWay[] {
    this.left -= ways.length * more.length;
    const [first] = ways;
    if (first && (this.left <= 0 || (ways.length === 1 && more.length === 1))) {
      this.add(first, this.cheapestFor(first, more)?.scopes ?? []);
      return [first];
    }
    const pairs = ways.flatMap((way) =>
      more.map((part) => ({ way, part, cost: way.cost + this.missing(part, way) })),
    );
    return cheapestFirst(pairs).map(({ way, part, cost }) => ({
      scopes: new Set([...way.scopes, ...part.scopes]),
      cost,
    }));
  }

  private cheapestFor(way: Way, more: readonly Way[]): Way | undefined {
    let least = Infinity;
    let cheapest: Way | undefined;
    for (const part of more) {
      const missing = this.missing(part, way);
      if (missing < least) {
        [least, cheapest] = [missing, part];
      }
    }
    return cheapest;
  }

  private add(way: OpenWay, scopes: Iterable<string>): void {
    for (const scope of scopes) {
      way.cost += this.granted.has(scope) || way.scopes.has(scope) ? 0 : 1;
      way.scopes.add(scope);
    }
  }

  /** How many scopes a part adds to a way that are not granted. */
  private missing(part: Way, way: Way): number {
    let missing = 0;
    for (const scope of part.cost === 0 ? [] : part.scopes) {
      missing += this.granted.has(scope) || way.scopes.has(scope) ? 0 : 1;
    }
    return missing;
  }
}

/** `sort` is stable: of equals the one named first stays first. */
function cheapestFirst<T extends { readonly cost: number }>(ways: readonly T[]): readonly T[] {
  return ways.length < 2
    ? ways
    : [...ways].sort((a, b) => a.cost - b.cost).slice(0, MAX_ALTERNATIVES);
}
