/** The shortest pause in milliseconds. */
const SHORTEST = 1000;

/** The limits, in milliseconds, of the pauses after failures of a server or of an application function. */
export interface PauseBounds {
  /** The pause after one failure. It doubles with each further failure. */
  readonly first: number;
  readonly longest: number;
}

/**
 * The pauses while requests wait for a result. A pause is at most 4 seconds, so the end of an outage is
 * noticed soon.
 */
export const SHORT_PAUSES: PauseBounds = { first: SHORTEST, longest: 4 * SHORTEST };

/**
 * Returns the pause after this number of failures in a row. A random part of up to a half is subtracted, so
 * that instances do not retry at the same time. The result is at least one second.
 */
export function pauseAfter(
  failures: number,
  { first, longest }: PauseBounds,
  random: () => number = Math.random,
): number {
  const pause = Math.min(longest, first * 2 ** (failures - 1));
  return Math.max(SHORTEST, pause * (1 - random() / 2));
}

/**
 * A tracker of the pauses between attempts. They grow with each failure up to a limit. `reset` ends them after a
 * success.
 */
export class Pauses {
  /** The end of the latest pause, by the monotonic clock. */
  until = -Infinity;
  private failures = 0;

  constructor(private readonly bounds: PauseBounds) {}

  get isFailing(): boolean {
    return this.failures > 0;
  }

  /** Returns the remaining milliseconds of the pause, or 0. */
  left(now = performance.now()): number {
    return Math.max(0, this.until - now);
  }

  /**
   * Counts a failure, and starts a pause. Ignores a failure during a pause, because its attempt most probably
   * started before the pause.
   */
  fail(now = performance.now()): void {
    if (this.left(now) === 0) {
      this.failures++;
      this.until = now + pauseAfter(this.failures, this.bounds);
    }
  }

  reset(): void {
    this.failures = 0;
    this.until = -Infinity;
  }
}
