import { Logger } from '@nestjs/common';
import { escaped } from '../errors/escaped.js';

const logger = new Logger('McpAuthModule');

/** More than any message needs; a URL in a document of another server may be longer. */
const MAX_LENGTH = 4000;

/**
 * Logs for the operator. It is the only place of the library that does: whatever a message holds, it is
 * escaped here, and of bounded length.
 */
export const log = {
  error(message: string): void {
    logger.error(escaped(message, MAX_LENGTH));
  },

  warn(message: string): void {
    logger.warn(escaped(message, MAX_LENGTH));
  },

  /** @param message - one text, or lines; called only if the level `debug` is enabled */
  debug(message: () => string | readonly string[]): void {
    if (Logger.isLevelEnabled('debug')) {
      const lines = [message()].flat();
      logger.debug(lines.map((line) => escaped(line)).join('\n'));
    }
  },
};
