import { types } from 'node:util';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';

/**
 * Returns what a function of the application returned, where it must not be asynchronous.
 *
 * @throws McpAuthConfigurationError if it is a promise. Its failure does not end the process.
 */
export function assertNotPromise<T>(value: T, what: string): T {
  if (types.isPromise(value)) {
    value.catch(() => undefined);
    throw new McpAuthConfigurationError(`${what} must answer at once, and returned a promise.`);
  }
  return value;
}
