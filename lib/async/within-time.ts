import { Deadline } from './deadline.js';
import { untilAborted } from './until-aborted.js';

/**
 * Waits for the promise of an application function, but not longer than the given time. It does **not** stop
 * the function.
 *
 * @param late - creates the error to throw if the promise is not settled in time, or not before `closing` is
 * aborted
 * @param closing - a signal that ends the time at once
 */
export async function withinTime<T>(
  promise: Promise<T>,
  milliseconds: number,
  late: () => Error,
  closing?: AbortSignal,
): Promise<T> {
  const deadline = new Deadline(milliseconds, closing);
  try {
    return await untilAborted(promise, deadline.signal);
  } catch (error) {
    const { signal } = deadline;
    throw signal.aborted && error === signal.reason ? late() : error;
  } finally {
    deadline.clear();
  }
}
