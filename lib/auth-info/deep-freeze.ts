/**
 * Freezes an object, and all plain objects and arrays in it: one request must not change what is cached for
 * another. It uses a loop and no recursion, because claims can be nested so deeply that
 * recursion would overflow the stack.
 */
export function deepFreeze<T extends object>(root: T): T {
  const pending: object[] = [root];
  // An object may be frozen although its members are not, so `Object.isFrozen()` is no reason to skip it.
  const visited = new Set<object>();
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (visited.has(next)) {
      continue;
    }
    visited.add(next);
    Object.freeze(next);
    for (const value of Object.values(next) as unknown[]) {
      if (isPlain(value)) {
        pending.push(value);
      }
    }
  }
  return root;
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === Array.prototype || prototype === null;
}
