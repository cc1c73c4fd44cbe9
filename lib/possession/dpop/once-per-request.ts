import { getOrMake } from '../../cache/get-or-make.js';
const done = new WeakMap<object, Map<string, Promise<unknown>>>();

/**
 * What `work` finds out, asked once for each request: a guard that is bound twice, or the many
 * resolvers of one GraphQL request, are not the proof's second use.
 */
export function oncePerRequest<T>(
  request: object,
  key: string,
  work: () => Promise<T>,
): Promise<T> {
  const ofRequest = getOrMake(done, request, () => new Map<string, Promise<unknown>>());
  return getOrMake(ofRequest, key, work) as Promise<T>;
}
