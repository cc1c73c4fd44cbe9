import { log } from './log.js';

/** Logs why a document of an authorization server could not be fetched. */
export function logFailure(error: unknown): void {
  log.error(error instanceof Error ? error.message : String(error));
}
