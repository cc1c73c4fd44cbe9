import type { ChallengeSchemes } from './rejections.js';

interface DpopAlgorithms {
  readonly mode: 'off' | 'accepted' | 'required';
  readonly algorithms: readonly string[];
}

/** Returns the schemes that challenges name. */
export function challengeSchemes({ mode, algorithms }: DpopAlgorithms): ChallengeSchemes {
  return { bearer: mode !== 'required', dpop: mode === 'off' ? undefined : algorithms };
}
