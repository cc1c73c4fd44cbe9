import type { Setup } from './contender.js';
import { create as createOurs } from './ours.js';

/** Creates an app without a token cache, so that every request verifies its token as a new one. */
export function create(setup: Setup) {
  return createOurs(setup, 'express', { tokenCache: false });
}
