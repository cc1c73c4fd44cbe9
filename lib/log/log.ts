import { ConsoleLogger, Logger, type LoggerService } from '@nestjs/common';
import { escaped } from '../errors/escaped.js';

const logger = new Logger('McpAuthModule');

/** The greatest length of a message. A URL in the document of another server may be longer. */
const MAX_LENGTH = 4000;

/**
 * The only logger of the library. It escapes each message. It also limits the length of warnings and errors.
 */
export const log = {
  error(message: string): void {
    logger.error(escaped(message, MAX_LENGTH));
  },

  warn(message: string): void {
    logger.warn(escaped(message, MAX_LENGTH));
  },

  /** @param message - returns a text, or lines; called only if the level `debug` is enabled */
  debug(message: () => string | readonly string[]): void {
    if (isDebugEnabled()) {
      const lines = [message()].flat();
      logger.debug(lines.map((line) => escaped(line)).join('\n'));
    }
  },
};

/**
 * Checks if the level `debug` is enabled. If the application does not list its levels, Nest 11 answers
 * `false` for every level, even if its logger writes all levels. Every list enables `fatal`. So if `fatal` is
 * not enabled, there is no list.
 */
function isDebugEnabled(): boolean {
  if (Logger.isLevelEnabled('debug')) {
    return true;
  }
  const instance = logger.localInstance as LoggerService | undefined; // undefined with `logger: false`
  return instance instanceof ConsoleLogger
    ? instance.isLevelEnabled('debug')
    : instance !== undefined && !Logger.isLevelEnabled('fatal');
}
