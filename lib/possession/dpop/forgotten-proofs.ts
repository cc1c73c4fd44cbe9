import { getOrMake } from '../../cache/get-or-make.js';
/** Seconds that one entry stands for. No longer than a proof is remembered after its time. */
const STEP = 5;

/** Proofs that the store forgets at about the same time. */
interface Used {
  /** When the first of them is forgotten, by the monotonic clock; in seconds. */
  readonly forgottenAt: number;
  /** The same by the wall clock, which a store may go by. */
  forgottenAtWall: number;
  /** The latest `iat` among them. */
  latest: number;
}

/**
 * The time up to which used proofs may have been forgotten. While the wall clock only goes forward, all of
 * them are too old by then. Once it was set back, they would be young enough to be used again.
 *
 * It goes by the proofs that were accepted, not by the latest time that the clock has shown: where the
 * clock was ahead, and is right again, no proof of a right clock was accepted meanwhile, and none is
 * refused now.
 */
export class ForgottenProofs {
  /** By the step in which they are forgotten: as many as there are steps in twice the lifetime of a proof. */
  private readonly used = new Map<number, Used>();
  private forgottenUntil = -Infinity;

  /** Takes note of a proof that the store remembers for so many seconds from now. */
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

  /** Returns whether a proof of this time may have been used, and forgotten since. */
  mayHold(iat: number): boolean {
    this.observe();
    return iat <= this.forgottenUntil;
  }

  /** Looks at the clocks; to be called with each proof, since the wall clock may be set back after it. */
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
