import type { Standing } from './signing-key.js';

/**
 * The state of the authorization server, as far as the right answers depend on it:
 * - `up`: The server gets a new key with the first token that this key signed.
 * - `down`: The server can fetch nothing.
 * - `back`: The authorization server is up again. The server must soon have the new key, see {@link BOUNDS}.
 * - `flooded`: The authorization server is up, but tokens with unknown keys have used up the fetches of these 30
 *   seconds.
 */
export type Situation = 'up' | 'down' | 'back' | 'flooded';

/** The statuses that are right for a token whose key the server does not have and perhaps cannot fetch now. */
const WITHOUT_KEY: Record<Situation, readonly number[]> = {
  up: [],
  down: [503],
  back: [503],
  flooded: [401],
};

/**
 * Returns the statuses that are right at a moment for a request that gets `verdict` from a server with its key.
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
