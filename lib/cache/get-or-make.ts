/** The methods of a `Map` or a `WeakMap` that are used here. */
interface Cache<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): unknown;
}

/** Returns the cached value of a key. If there is none, makes it and caches it. */
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
