import { getOrMake } from '../../cache/get-or-make.js';

/** Seconds that one entry covers. The store must remember a proof for at least this time after it expires. */
const STEP = 5;

/** The proofs that the store forgets at about the same time. */
interface Used {
  /** The earliest time at which one of them is forgotten, in seconds of the monotonic clock. */
  readonly forgottenAt: number;
  /** The same time by the wall clock, which a store may use. */
  forgottenAtWall: number;
  /** The latest `iat` among them. */
  latest: number;
}

/**
 * Tracks the time up to which used proofs may have been forgotten by the store. While the wall clock only
 * goes forward, all forgotten proofs are too old to be accepted. After the clock was set back, they would
 * be young enough to be used again.
 *
 * It uses the `iat` of accepted proofs, not the latest time of the clock. Suppose that the clock was far
 * ahead and is corrected. Proofs with a correct `iat` are then accepted, because none of them was accepted
 * while the clock was ahead.
 */
export class ForgottenProofs {
  /**
   * The used proofs, by the step in which the store forgets them. There are about as many entries as steps in
   * twice the lifetime of a proof, at most.
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
   * Checks by both clocks what was forgotten. Call it for each proof: the wall clock may be set back later.
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
