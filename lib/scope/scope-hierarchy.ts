/** The narrower scopes that each broad scope implies, as the options define them. */
export type ScopeHierarchyOptions = Readonly<Record<string, readonly string[]>>;

/** The scopes that each broad scope implies, directly or through others, without the broad scope itself. */
export type ScopeHierarchy = ReadonlyMap<string, ReadonlySet<string>>;

/** Returns a cycle of scopes that imply themselves, as `a → b → a`, if there is one. */
export function hierarchyCycle(hierarchy: ScopeHierarchyOptions): string | undefined {
  for (const scope of Object.keys(hierarchy)) {
    const cycle = pathBack(scope, hierarchy);
    if (cycle !== undefined) {
      return cycle.join(' → ');
    }
  }
  return undefined;
}

/**
 * Returns the shortest path from a scope to itself, if there is one. It does not recurse, since a hierarchy
 * may be deep.
 */
function pathBack(target: string, hierarchy: ScopeHierarchyOptions): string[] | undefined {
  const cameFrom = new Map<string, string>();
  const queue = [target];
  for (const scope of queue) {
    for (const next of narrower(hierarchy, scope)) {
      if (next === target) {
        return [...pathTo(scope, cameFrom), target];
      }
      if (!cameFrom.has(next)) {
        cameFrom.set(next, scope);
        queue.push(next);
      }
    }
  }
  return undefined;
}

function pathTo(scope: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const path: string[] = [];
  for (let at: string | undefined = scope; at !== undefined; at = cameFrom.get(at)) {
    path.push(at);
  }
  return path.reverse();
}

/** Computes once what every broad scope implies. */
export function resolveScopeHierarchy(hierarchy: ScopeHierarchyOptions): ScopeHierarchy {
  return new Map(Object.keys(hierarchy).map((scope) => [scope, implied(scope, hierarchy)]));
}

/**
 * Returns the scopes that a scope implies, directly or through others. It does not recurse, since a hierarchy
 * may be deep.
 */
function implied(scope: string, hierarchy: ScopeHierarchyOptions): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...narrower(hierarchy, scope)].reverse();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (!found.has(next)) {
      found.add(next);
      open.push(...[...narrower(hierarchy, next)].reverse());
    }
  }
  return found;
}

/** Returns the scopes of a token, and all scopes that they imply. */
export function effectiveScopes(
  scopes: readonly string[],
  hierarchy: ScopeHierarchy,
): ReadonlySet<string> {
  const effective = new Set(scopes);
  const expanded = new Set<string>();
  // The broadest scopes come first. A scope that one of them implies adds nothing, so it is skipped.
  for (const scope of broadestFirst(effective, hierarchy)) {
    if (!expanded.has(scope)) {
      hierarchy.get(scope)?.forEach((narrow) => {
        effective.add(narrow);
        expanded.add(narrow);
      });
    }
  }
  return effective;
}

function broadestFirst(scopes: ReadonlySet<string>, hierarchy: ScopeHierarchy): string[] {
  const breadth = (scope: string) => hierarchy.get(scope)?.size ?? 0;
  return [...scopes]
    .filter((scope) => hierarchy.has(scope))
    .sort((a, b) => breadth(b) - breadth(a));
}

function narrower(hierarchy: ScopeHierarchyOptions, scope: string): readonly string[] {
  return Object.hasOwn(hierarchy, scope) ? (hierarchy[scope] ?? []) : [];
}
