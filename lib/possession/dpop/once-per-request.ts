import { getOrMake } from '../../cache/get-or-make.js';

const results = new WeakMap<object, Map<string, Promise<unknown>>>();

/**
 * Returns the result of `work`, which runs once for each request and key. A guard that is bound twice, or
 * the many resolvers of one GraphQL request, do not use a proof twice.
 */
export function oncePerRequest<T>(
  request: object,
  key: string,
  work: () => Promise<T>,
): Promise<T> {
  const ofRequest = getOrMake(results, request, () => new Map<string, Promise<unknown>>());
  return getOrMake(ofRequest, key, work) as Promise<T>;
}
