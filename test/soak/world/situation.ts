import type { Standing } from './signing-key.js';

/**
 * How the authorization server fares, as far as it decides about answers:
 * - `up`: a new key is known with the first token that it signed
 * - `down`: nothing new can be had from it
 * - `back`: it is up again, and within 6 seconds, after a hang and a fetch more, all is as before
 * - `flooded`: it is up, but strangers have used up the fetches of these 30 seconds
 */
export type Situation = 'up' | 'down' | 'back' | 'flooded';

/** The statuses that a token whose key the server does not have may get, if the key cannot be fetched now. */
const WITHOUT_KEY: Record<Situation, readonly number[]> = {
  up: [],
  down: [503],
  back: [503],
  flooded: [401],
};

/**
 * The statuses that are right at a moment for a token that gets `verdict` from a server with its key.
 */
export function rightStatuses(
  situation: Situation,
  standing: Standing,
  verdict: readonly number[],
): readonly number[] {
  switch (standing) {
    case 'seen':
      return verdict;
    case 'unseen':
      return situation === 'down' ? [503] : [...verdict, ...WITHOUT_KEY[situation]];
    case 'leaving':
      return [...verdict, 401, ...WITHOUT_KEY[situation]];
    case 'gone':
    case 'stranger':
      return situation === 'down' ? [503] : [401, ...WITHOUT_KEY[situation]];
  }
}
