import { inspect, types } from 'node:util';

/** The greatest length of the text. */
const MAX_LENGTH = 500;

/**
 * Returns a thrown value as an error, since the application's own code may throw anything. For a value that
 * is not an error, it returns a new error. Its `cause` is a text that describes the value, so that no logger
 * or filter has to inspect the value itself.
 */
export function toError(thrown: unknown): Error {
  return isError(thrown)
    ? thrown
    : new Error('A value was thrown that is not an Error.', { cause: messageOf(thrown) });
}

/** Returns a message about a thrown value, for the operator. */
export function messageOf(thrown: unknown): string {
  try {
    const text = isError(thrown)
      ? thrown.message
      : inspect(thrown, { depth: 2, breakLength: Infinity });
    return text.slice(0, MAX_LENGTH);
  } catch {
    return `a value of the type ${typeof thrown} that cannot be shown`;
  }
}

/** Returns `true` for an error. Does not touch a proxy, since that would run its own code. */
function isError(thrown: unknown): thrown is Error {
  return types.isNativeError(thrown) || (!types.isProxy(thrown) && thrown instanceof Error);
}
