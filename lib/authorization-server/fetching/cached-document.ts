/** A document that was fetched. All times are values of `performance.now()`. */
export interface CachedDocument<T> {
  readonly value: T;
  readonly fetchedAt: number;
  /** From this time on, a newer document is fetched in the background. */
  readonly refreshFrom: number;
  /** The end of the document's lifetime. */
  readonly until: number;
}

/** The condition of a cached document. */
export interface DocumentCondition {
  /**
   * `fresh` within the document's lifetime. `stale` after its lifetime, as long as it is not too old to be used.
   * `missing` if there is no document to use.
   */
  readonly state: 'fresh' | 'stale' | 'missing';
  /** The time since it was fetched, in milliseconds; `undefined` if it is missing. */
  readonly age: number | undefined;
  /** `true` if the last attempt to fetch it failed. */
  readonly isFailing: boolean;
}

/**
 * Returns the condition of a cached document.
 *
 * @param staleIfError - the milliseconds beyond its lifetime for which a document may be used
 */
export function conditionOf(
  cached: CachedDocument<unknown> | undefined,
  staleIfError: number,
  isFailing: boolean,
): DocumentCondition {
  const now = performance.now();
  if (cached === undefined || now > cached.until + staleIfError) {
    return { state: 'missing', age: undefined, isFailing };
  }
  return { state: now <= cached.until ? 'fresh' : 'stale', age: now - cached.fetchedAt, isFailing };
}
