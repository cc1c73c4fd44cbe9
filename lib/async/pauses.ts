/** No two attempts start within less, however short the pause is. */
const SHORTEST = 1000;

/** How long a server, or a function of the application's, is left alone after failures. In milliseconds. */
export interface PauseBounds {
  /** After one failure; twice as long after each further one. */
  readonly first: number;
  readonly longest: number;
}

/** Pauses while somebody waits for an answer: an outage of any length is over at most 4 seconds late. */
export const SHORT_PAUSES: PauseBounds = { first: SHORTEST, longest: 4 * SHORTEST };

/**
 * Returns the pause after so many failures in a row, less a random part of up to a half, so that
 * instances do not retry in step.
 */
export function pauseAfter(
  failures: number,
  { first, longest }: PauseBounds,
  random: () => number = Math.random,
): number {
  const pause = Math.min(longest, first * 2 ** (failures - 1));
  return Math.max(SHORTEST, pause * (1 - random() / 2));
}

/** The pauses between attempts, which grow with each failure and end with the first success. */
export class Pauses {
  /** The end of the latest pause, by the process's own clock. */
  until = -Infinity;
  private failures = 0;

  constructor(private readonly bounds: PauseBounds) {}

  get isFailing(): boolean {
    return this.failures > 0;
  }

  /** Returns the milliseconds that are left of a pause, or 0. */
  left(now = performance.now()): number {
    return Math.max(0, this.until - now);
  }

  /** Counts a failure. Failures during a pause are of attempts that started before it, and do not count. */
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
