import type { VerifiedToken } from './token-verifier.js';

/** What was found out about a token, and for how long it is so without asking again. */
export interface Verification {
  readonly verified: VerifiedToken;
  /** From then on the token itself says that it is not valid; milliseconds since the epoch. */
  readonly validUntil: number;
  /** Whether that on which it was accepted is still there: the key that it was signed with. */
  readonly stillHolds: () => boolean;
}
