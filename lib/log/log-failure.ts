import { log } from './log.js';

/** Tells the operator why an authorization server's document could not be fetched. */
export function logFailure(error: unknown): void {
  log.error(error instanceof Error ? error.message : String(error));
}
