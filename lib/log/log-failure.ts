import { log } from './log.js';

/** Logs the message of a failure at `error`. */
export function logFailure(error: unknown): void {
  log.error(error instanceof Error ? error.message : String(error));
}
