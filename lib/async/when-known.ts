/**
 * Goes on at once where there is nothing to wait for. Most requests bear a token that was seen before
 * and need no scopes that are worked out: a promise for each step would be most of what they cost.
 */
export function whenKnown<T, U>(
  value: T | Promise<T>,
  next: (value: T) => U | Promise<U>,
): U | Promise<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}
