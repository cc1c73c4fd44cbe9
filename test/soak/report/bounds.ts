import {
  ATTEMPT_INTERVAL,
  CONNECTIONS,
  FETCHES,
  FETCH_TIMEOUT,
  FETCH_WINDOW,
} from '../settings.js';
import type { Place } from '../place.js';
import type { Course } from './observer.js';
import type { Violations } from './violations.js';

export const MEGABYTE = 1024 * 1024;
/** The bytes by which the live objects may grow after the warm-up. */
export const HEAP_GROWTH = 10 * MEGABYTE;
/**
 * Returns the milliseconds by which the event loop may be late, at the 99th percentile. On a busy machine, the
 * protected servers are later than the unprotected server, because they do more work for each request.
 */
export function delayBound(unprotected: number): number {
  return 50 + 4 * unprotected;
}

/** The greatest number of milliseconds for an answer: two fetches, and 3 s for a busy machine. */
const SLOWEST = 2 * FETCH_TIMEOUT + 3000;

export function growthOf({ before, during, after }: Course): number {
  return Math.max(...[...during, after].map(({ heap }) => heap)) - before.heap;
}

/** Reports each bound that a server exceeded. Its answers are examined elsewhere, by {@link Traffic}. */
export function judge(place: Place, course: Course, open: Course, violations: Violations): void {
  const { world, load } = place;
  const { before, after } = course;
  const demand = (isMet: boolean, rule: string, seen: string) => {
    if (!isMet) {
      violations.add(world.adapter, rule, seen);
    }
  };
  const growth = growthOf(course);
  demand(growth < HEAP_GROWTH, 'heap', `${(growth / MEGABYTE).toFixed(1)} MiB more`);
  demand(
    after.delay <= delayBound(open.after.delay),
    'event loop',
    `${after.delay.toFixed(0)} ms late, the unprotected server ${open.after.delay.toFixed(0)} ms`,
  );
  const { slowest } = load.tally;
  demand(slowest < SLOWEST, 'time', `${slowest.toFixed(0)} ms for an answer`);
  for (const what of ['descriptors', 'sockets', 'timers'] as const) {
    demand(after[what] <= before[what], what, `${before[what]} before, ${after[what]} after`);
  }
  demand(after.warnings === 0, 'warnings', `${after.warnings} of Node's`);
  const { opened } = load.connections;
  demand(opened === CONNECTIONS, 'connections', `${opened} opened, not ${CONNECTIONS}`);
  for (const [document, times] of world.authorizationServer.fetches) {
    const most = mostFetches(times);
    demand(most <= FETCHES, 'fetches', `${document}: ${most} in 30 s`);
  }
  for (const [document, times] of world.authorizationServer.failures) {
    const shortest = shortestPause(times);
    demand(
      shortest >= ATTEMPT_INTERVAL,
      'attempts',
      `${document}: ${shortest.toFixed(0)} ms apart`,
    );
  }
}

/** Returns the shortest pause between two of these times, in milliseconds. */
export function shortestPause(times: readonly number[]): number {
  return Math.min(Infinity, ...times.slice(1).map((at, index) => at - (times[index] ?? 0)));
}

/**
 * Returns the greatest number of fetches in any window. The window is {@link FETCH_WINDOW} less one
 * {@link FETCH_TIMEOUT}, because the first fetch can have been in flight for that long.
 */
export function mostFetches(times: readonly number[]): number {
  const until = FETCH_WINDOW - FETCH_TIMEOUT;
  const within = (from: number) => times.filter((at) => at >= from && at < from + until).length;
  return Math.max(0, ...times.map(within));
}
