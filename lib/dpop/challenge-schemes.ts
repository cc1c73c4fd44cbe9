import type { ChallengeSchemes } from '../challenge/challenges.js';
import type { DpopPolicy } from './dpop-policy.js';

/** Which schemes a client is told of. */
export function challengeSchemes({ mode, algorithms }: DpopPolicy): ChallengeSchemes {
  return { bearer: mode !== 'required', dpop: mode === 'off' ? undefined : algorithms };
}
