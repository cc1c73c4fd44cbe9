import { Deadline } from './deadline.js';
import { untilAborted } from './until-aborted.js';

/**
 * Waits for the promise of an application function, but not longer than the given time. It does **not** stop
 * the function.
 *
 * @param late - makes the error to throw if the time is over
 */
export async function withinTime<T>(
  promise: Promise<T>,
  milliseconds: number,
  late: () => Error,
): Promise<T> {
  const deadline = new Deadline(milliseconds);
  try {
    return await untilAborted(promise, deadline.signal);
  } catch (error) {
    throw deadline.isOver && error === deadline.signal.reason ? late() : error;
  } finally {
    deadline.clear();
  }
}
