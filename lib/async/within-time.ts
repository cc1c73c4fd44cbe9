import { Deadline } from './deadline.js';
import { untilAborted } from './until-aborted.js';

/**
 * Waits for a function of the application for so long and no longer. The function itself is not ended.
 *
 * @param late - makes the error to throw if there is no outcome in time
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
