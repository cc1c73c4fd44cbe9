/** Returns `true` for a value that `JSON.parse` makes of an object, and `false` for an array. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
