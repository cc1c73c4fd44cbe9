import { logFailure } from './log-failure.js';

/** The shortest time between two log lines, in milliseconds. */
const INTERVAL = 10_000;

/** A log for failures that any request may cause. It logs the first failure, and then at most one in 10 seconds. */
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
