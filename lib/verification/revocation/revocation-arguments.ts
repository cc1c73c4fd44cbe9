import { McpAuthConfigurationError } from '../../errors/configuration.error.js';
import type { TokenIdentity } from './revocation-grounds.js';

/** A time in the year 5138, in seconds since the epoch. A greater number must be milliseconds. */
const MAX_SECONDS = 1e11;

/** The results of `String()` for a claim that is missing or is not a string. */
const STRINGIFIED = ['undefined', '[object Object]'];

/**
 * @throws McpAuthConfigurationError if the value is not a non-empty string, or is the result of `String()` for a
 * missing value or an object. The message never contains a real identifier, since that is a claim.
 */
export function assertIdentifier(name: string, value: unknown, remedy = ''): void {
  if (typeof value !== 'string' || value === '') {
    const given = value === '' ? 'an empty string' : value === null ? 'null' : typeof value;
    throw new McpAuthConfigurationError(
      `The revocation needs the ${name} as a non-empty string (given: ${given})${remedy}.`,
    );
  }
  if (STRINGIFIED.includes(value)) {
    throw new McpAuthConfigurationError(
      `The ${name} to revoke is "${value}", the result of String() for a value that is missing or is not a string; pass the value without String()${remedy}.`,
    );
  }
}

/** @throws McpAuthConfigurationError if the value is not the caller of an authenticated request */
export function assertRevocable(given: unknown): asserts given is TokenIdentity {
  const { token, claims } = (given ?? {}) as Record<string, unknown>;
  const isCaller = typeof claims === 'object' && claims !== null && typeof token === 'string';
  if (!isCaller || token === '') {
    throw new McpAuthConfigurationError(
      `revoke() takes the AuthInfo of an authenticated request, and revokes the token of that AuthInfo (given: ${given === null ? 'null' : typeof given}). The AuthInfo must have a non-empty "token" and an object "claims".`,
    );
  }
}

/** @throws McpAuthConfigurationError if the value is not a number of seconds since the epoch */
export function assertTime(name: string, value: unknown): void {
  if (typeof value !== 'number' || !(value >= 0 && value < MAX_SECONDS)) {
    throw new McpAuthConfigurationError(
      `${name} of a revocation must be a time in seconds since the epoch, not in milliseconds (given: ${String(value)}).`,
    );
  }
}
