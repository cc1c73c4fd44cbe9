import { getOrMake } from '../../cache/get-or-make.js';

/**
 * The times at which proofs are forgotten are rounded down to steps of this many seconds. So a proof may count as
 * forgotten this much too early, and the store must remember it for at least this long after it expires.
 */
const STEP = 5;

/** The proofs that the store forgets at about the same time. */
interface Used {
  /** A time, in seconds of the monotonic clock, before which none of these proofs is forgotten. */
  readonly forgottenAt: number;
  /** The earliest time by the wall clock, which a store may use, at which one of these proofs is forgotten. */
  forgottenAtWall: number;
  /** The latest `iat` of these proofs. */
  latest: number;
}

/**
 * Tracks the time up to which used proofs may have been forgotten by the store. While the wall clock only goes forward,
 * all forgotten proofs are too old to be accepted. After the clock was set back, forgotten proofs would be young enough
 * to be used again.
 *
 * It uses the `iat` of accepted proofs, not the latest time of the clock. Suppose that the clock was far ahead and is
 * corrected. While it was ahead, proofs with a correct `iat` were rejected as too old, so they did not change this
 * limit. Such proofs are accepted again as soon as the clock is right.
 */
export class ForgottenProofs {
  /**
   * The used proofs, by the step in which the store forgets them. At most, there is about one entry for each
   * step in twice the lifetime of a proof.
   */
  private readonly used = new Map<number, Used>();
  private forgottenUntil = -Infinity;

  /** Records a proof that the store remembers for this many seconds from now. */
  add(iat: number, seconds: number): void {
    const step = Math.floor((monotonic() + seconds) / STEP);
    const forgottenAtWall = wall() + seconds;
    const entry = getOrMake(this.used, step, () => ({
      forgottenAt: step * STEP,
      forgottenAtWall,
      latest: iat,
    }));
    entry.forgottenAtWall = Math.min(entry.forgottenAtWall, forgottenAtWall);
    entry.latest = Math.max(entry.latest, iat);
  }

  /** Returns `true` if a proof with this `iat` may have been used, and then forgotten by the store. */
  mayHold(iat: number): boolean {
    this.observe();
    return iat <= this.forgottenUntil;
  }

  /**
   * Checks by both clocks which proofs were forgotten. Call this method for each proof: the wall clock may be set back
   * later.
   */
  observe(): void {
    const [now, wallNow] = [monotonic(), wall()];
    for (const [step, { forgottenAt, forgottenAtWall, latest }] of this.used) {
      if (forgottenAt <= now || forgottenAtWall <= wallNow) {
        this.used.delete(step);
        this.forgottenUntil = Math.max(this.forgottenUntil, latest);
      }
    }
  }
}

function monotonic(): number {
  return performance.now() / 1000;
}

function wall(): number {
  return Date.now() / 1000;
}
