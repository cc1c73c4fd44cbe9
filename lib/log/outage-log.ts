import { log } from './log.js';

/**
 * The `calm` of a thing that requests ask directly, in milliseconds. Without it, a thing that fails for some requests
 * only would fill the log.
 */
export const CALM = 10_000;

/**
 * Logs the outages of one thing at `warn`: once when it fails, once more if the failure gets another
 * consequence, and once when it works again. Further failures are logged at `debug`.
 */
export class OutageLog {
  private consequence: string | undefined;
  private failedAt = 0;

  /**
   * @param recovery - the message that says that the thing works again
   * @param calm - how many milliseconds must pass after the last failure before a success ends the outage
   */
  constructor(
    private readonly recovery: string,
    private readonly calm = 0,
  ) {}

  /**
   * @param reason - a sentence about the failure
   * @param consequence - a sentence about the requests that need the thing
   */
  failed(reason: string, consequence: string): void {
    this.failedAt = performance.now();
    if (consequence === this.consequence) {
      log.debug(() => reason);
      return;
    }
    this.consequence = consequence;
    log.warn(`${reason} ${consequence}`);
  }

  succeeded(): void {
    if (this.consequence !== undefined && performance.now() - this.failedAt >= this.calm) {
      this.consequence = undefined;
      log.warn(this.recovery);
    }
  }
}
