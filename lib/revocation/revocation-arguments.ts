import { McpAuthConfigurationError } from '../errors/configuration.error.js';

/** Seconds since the epoch: in the year 5138. What is above was meant to be milliseconds. */
const END_OF_TIME = 1e11;

/** @throws McpAuthConfigurationError. The value itself is not in the message: it is a claim's. */
export function assertIdentifier(name: string, value: unknown): void {
  if (typeof value !== 'string' || value === '') {
    throw new McpAuthConfigurationError(
      `What is revoked has no ${name}; it must be a non-empty string (given: ${typeof value}).`,
    );
  }
}

/** @throws McpAuthConfigurationError */
export function assertTime(name: string, value: unknown): void {
  if (typeof value !== 'number' || !(value >= 0 && value < END_OF_TIME)) {
    throw new McpAuthConfigurationError(
      `${name} of what is revoked must be a time in seconds since the epoch, not in milliseconds (given: ${String(value)}).`,
    );
  }
}
