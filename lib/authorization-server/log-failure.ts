import { Logger } from '@nestjs/common';

const logger = new Logger('McpAuthModule');

/** Tells the operator why an authorization server's document could not be fetched. */
export function logFailure(error: unknown): void {
  logger.error(error instanceof Error ? error.message : String(error));
}
