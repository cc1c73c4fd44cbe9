import type { VerifiedToken } from './token-verifier.js';

/** What was found out about a token, and for how long it is so without asking again. */
export interface Verification {
  readonly verified: VerifiedToken;
  /** From then on the token itself says that it is not valid; milliseconds since the epoch. */
  readonly validUntil: number;
  /** Whether that on which it was accepted is still there: the key that it was signed with. */
  readonly stillHolds: () => boolean;
  /** For how many milliseconds it may be kept at most, 0 for not at all; without it as the options say. */
  readonly keepFor?: number;
  /** How many characters it takes to keep; without it those of the token. */
  readonly size?: number;
}
