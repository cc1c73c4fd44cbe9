/** Returns the value of a key. Throws if the map does not have the key. */
export function at<K, V>(map: ReadonlyMap<K, V>, key: K): V {
  const value = map.get(key);
  if (value === undefined) {
    throw new Error(`There is no ${String(key)} among ${[...map.keys()].map(String).join(', ')}.`);
  }
  return value;
}
