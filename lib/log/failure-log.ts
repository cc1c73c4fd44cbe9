import { logFailure } from './log-failure.js';

/** Milliseconds between two reports. */
const INTERVAL = 10_000;

/** Tells the operator of failures that every request may bring about: the first, and then now and then. */
export class FailureLog {
  private reportedAt = -Infinity;

  report(error: unknown): void {
    const now = performance.now();
    if (now - this.reportedAt > INTERVAL) {
      this.reportedAt = now;
      logFailure(error);
    }
  }
}
