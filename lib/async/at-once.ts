import { types } from 'node:util';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';

/**
 * What a function of the application's gave, where it has to answer at once.
 *
 * @throws McpAuthConfigurationError if it is a promise; that the promise fails must not end the process
 */
export function atOnce<T>(value: T, what: string): T {
  if (types.isPromise(value)) {
    value.catch(() => undefined);
    throw new McpAuthConfigurationError(`${what} must answer at once, and returned a promise.`);
  }
  return value;
}
