import { getOrMake } from '../../cache/get-or-make.js';

const results = new WeakMap<object, Map<string, Promise<unknown>>>();

/**
 * Returns the result of `work`, which runs once for each request and key. A proof is therefore used only
 * once, even if a guard is bound twice, or one GraphQL request calls many resolvers.
 */
export function oncePerRequest<T>(
  request: object,
  key: string,
  work: () => Promise<T>,
): Promise<T> {
  const ofRequest = getOrMake(results, request, () => new Map<string, Promise<unknown>>());
  return getOrMake(ofRequest, key, work) as Promise<T>;
}
