/** Which narrower scopes a broad scope implies, as the options have it. */
export type ScopeHierarchyOptions = Readonly<Record<string, readonly string[]>>;

/** Which scopes each broad scope implies, directly or by way of others; itself not among them. */
export type ScopeHierarchy = ReadonlyMap<string, ReadonlySet<string>>;

/** The scopes that imply themselves, as `a → b → a`; nothing where there are none. */
export function hierarchyCycle(hierarchy: ScopeHierarchyOptions): string | undefined {
  for (const scope of Object.keys(hierarchy)) {
    const cycle = pathBack(scope, hierarchy, [scope], new Set());
    if (cycle !== undefined) {
      return cycle.join(' → ');
    }
  }
  return undefined;
}

function pathBack(
  target: string,
  hierarchy: ScopeHierarchyOptions,
  path: string[],
  visited: Set<string>,
): string[] | undefined {
  for (const next of narrower(hierarchy, path.at(-1) ?? '')) {
    if (next === target) {
      return [...path, next];
    }
    if (!visited.has(next)) {
      visited.add(next);
      const found = pathBack(target, hierarchy, [...path, next], visited);
      if (found !== undefined) {
        return found;
      }
    }
  }
  return undefined;
}

/** Works out, once, what every broad scope implies. */
export function resolveScopeHierarchy(hierarchy: ScopeHierarchyOptions): ScopeHierarchy {
  const implied = (scope: string, found: Set<string>): Set<string> => {
    for (const next of narrower(hierarchy, scope)) {
      if (!found.has(next)) {
        implied(next, found.add(next));
      }
    }
    return found;
  };
  return new Map(Object.keys(hierarchy).map((scope) => [scope, implied(scope, new Set())]));
}

/** The scopes of a token, and all that they imply. */
export function effectiveScopes(
  scopes: readonly string[],
  hierarchy: ScopeHierarchy,
): readonly string[] {
  return [...new Set(scopes.flatMap((scope) => [scope, ...(hierarchy.get(scope) ?? [])]))];
}

function narrower(hierarchy: ScopeHierarchyOptions, scope: string): readonly string[] {
  return Object.hasOwn(hierarchy, scope) ? (hierarchy[scope] ?? []) : [];
}
