import type { ScopeRequirement } from './scope-requirement.js';

/** The greatest number of compared ways to meet a requirement. Only the cheapest ways are compared. */
const MAX_ALTERNATIVES = 50;

/**
 * The greatest number of comparisons between a way and a part of the requirement. After that, only the
 * cheapest way is followed. The limit exists because the calls of a batch, which an untrusted client chooses,
 * add up to one requirement.
 */
const MAX_COMPARISONS = 2500;

/**
 * Returns the scopes that a client should request to meet a requirement. It chooses the way with the fewest scopes that
 * are not granted yet, and among equal ways the first one. For a requirement with more ways than the limits above
 * allow, another way may need fewer scopes. The result contains all scopes of the chosen way, including granted scopes,
 * in the order in which the requirement names them.
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
  /** The number of scopes that are not granted. */
  readonly cost: number;
}

/** A way that is still being built. */
interface OpenWay {
  readonly scopes: Set<string>;
  cost: number;
}

class Weighing {
  private left = MAX_COMPARISONS;

  constructor(private readonly granted: ReadonlySet<string>) {}

  /** Returns the ways to meet a requirement, the cheapest first. */
  alternatives(requirement: ScopeRequirement): readonly Way[] {
    return typeof requirement !== 'string' && 'anyOf' in requirement
      ? cheapestFirst(requirement.anyOf.flatMap((part) => this.alternatives(part)))
      : this.extend([{ scopes: new Set(), cost: 0 }], requirement);
  }

  /** Adds one more part of the requirement to each way. */
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

  /**
   * Combines every way with every alternative. After too many comparisons, it combines only the cheapest way
   * with the alternative that adds the fewest scopes to it.
   */
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

  /** Returns the number of scopes, not granted yet, that a part adds to a way. */
  private missing(part: Way, way: Way): number {
    let missing = 0;
    for (const scope of part.cost === 0 ? [] : part.scopes) {
      missing += this.granted.has(scope) || way.scopes.has(scope) ? 0 : 1;
    }
    return missing;
  }
}

/** Sorts by cost, and limits the number. `sort` is stable, so among equals the first one stays first. */
function cheapestFirst<T extends { readonly cost: number }>(ways: readonly T[]): readonly T[] {
  return ways.length < 2
    ? ways
    : [...ways].sort((a, b) => a.cost - b.cost).slice(0, MAX_ALTERNATIVES);
}
