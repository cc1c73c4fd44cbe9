import { log } from './log.js';

/** Logs the message of a failure, such as a document of an authorization server that could not be fetched. */
export function logFailure(error: unknown): void {
  log.error(error instanceof Error ? error.message : String(error));
}
