/** As much of a `Map`, or of a `WeakMap`, as it takes. */
interface Cache<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): unknown;
}

/** Returns the cached value of a key, which is made and cached where there is none. */
export function getOrMake<K, V extends object | string>(
  cache: Cache<K, V>,
  key: K,
  make: () => V,
): V {
  const cached = cache.get(key);
  if (cached !== undefined) {
    return cached;
  }
  const made = make();
  cache.set(key, made);
  return made;
}
