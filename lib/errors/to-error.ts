import { inspect, types } from 'node:util';

/** Of what is shown of it. */
const MAX_LENGTH = 500;

/**
 * What was thrown, as an error: the application's own code may throw anything. What is none is described
 * by the cause, so that no logger and no filter has to look at it.
 */
export function toError(thrown: unknown): Error {
  return isError(thrown)
    ? thrown
    : new Error('Something was thrown that is no Error.', { cause: messageOf(thrown) });
}

/** What to tell the operator of it. */
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

/** A proxy is not asked, since it runs code of its own for whatever it is asked. */
function isError(thrown: unknown): thrown is Error {
  return types.isNativeError(thrown) || (!types.isProxy(thrown) && thrown instanceof Error);
}
