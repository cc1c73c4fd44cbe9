import type { Setup } from './contender.js';
import { create as createOurs } from './ours.js';

/** Without the cache of verified tokens, every sight of a token is the first. */
export function create(setup: Setup) {
  return createOurs(setup, 'express', { tokenCache: false });
}
