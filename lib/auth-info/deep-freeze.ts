/**
 * Freezes plain objects and arrays deeply: one request must not change what is cached for another. It does
 * not recurse, since an untrusted client chooses the depth of the claims.
 */
export function deepFreeze<T extends object>(root: T): T {
  const pending: object[] = [root];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (Object.isFrozen(next)) {
      continue;
    }
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
