import type { ChallengeSchemes } from './rejections.js';

interface DpopAlgorithms {
  readonly mode: 'off' | 'accepted' | 'required';
  readonly algorithms: readonly string[];
}

/** Returns the authentication schemes for which a rejection has a challenge, and DPoP's algorithms. */
export function challengeSchemes({ mode, algorithms }: DpopAlgorithms): ChallengeSchemes {
  return { bearer: mode !== 'required', dpop: mode === 'off' ? undefined : algorithms };
}
