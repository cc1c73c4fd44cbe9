import { types } from 'node:util';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';

/**
 * Returns the result of a function of the application that must not be asynchronous.
 *
 * @throws McpAuthConfigurationError if the result is a promise. A rejection of that promise is ignored, so it
 * does not end the process.
 */
export function assertNotPromise<T>(value: T, what: string): T {
  if (types.isPromise(value)) {
    value.catch(() => undefined);
    throw new McpAuthConfigurationError(
      `${what} returned a promise. It must not be asynchronous: return the value itself.`,
    );
  }
  return value;
}
