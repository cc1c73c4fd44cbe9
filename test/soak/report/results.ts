import type { Place } from '../place.js';
import type { Case } from '../traffic/tally.js';
import { growthOf, HEAP_GROWTH, MEGABYTE, mostFetches, shortestPause } from './bounds.js';
import type { Observed, Observer } from './observer.js';
import { table } from './table.js';

/** Returns the results, as three tables. */
export function results(
  places: readonly Place[],
  open: Observed,
  observer: Observer,
  recoveries: string,
): string {
  const all: readonly Observed[] = [...places, open];
  const courses = all.map((one) => observer.courseOf(one));
  const of = (text: (one: Observed) => string | number) => all.map((one) => String(text(one)));
  const change = (what: 'descriptors' | 'sockets' | 'timers') =>
    courses.map(({ before, after }) => `${before[what]} → ${after[what]}`);
  return [
    table(
      ['', ...places.map(({ world }) => title(world.adapter)), 'Unprotected (Express)'],
      [
        ['Requests', ...of(({ load }) => load.tally.total)],
        ['Slowest answer, ms', ...of(({ load }) => load.tally.slowest.toFixed(0))],
        ['Recoveries, s', ...places.map(({ world }) => seconds(world.recoveries)), ''],
        ['Fetches of a document in 30 s, at most', ...places.map(mostOf), ''],
        ['Attempts during an outage, s apart at least', ...places.map(shortestOf), ''],
        [`Heap after the warm-up, MiB`, ...courses.map(({ before }) => megabytes(before.heap))],
        [
          `Its greatest growth since, MiB (bound: ${HEAP_GROWTH / MEGABYTE})`,
          ...courses.map((course) => megabytes(growthOf(course))),
        ],
        [
          `Event-loop delay p99, ms (bound: 50 + 4 × the unprotected)`,
          ...courses.map(({ after }) => after.delay.toFixed(1)),
        ],
        ['File descriptors', ...change('descriptors')],
        ['Sockets', ...change('sockets')],
        ['Timers', ...change('timers')],
      ],
    ),
    recoveries,
    table(['Request', 'By a server that needs no other key', 'Else'], answers(places)),
  ].join('\n\n');
}

function answers(places: readonly Place[]): string[][] {
  const kinds = new Set(places.flatMap(({ load }) => [...load.tally.counts.keys()]));
  return [...kinds]
    .sort()
    .map((kind) => [kind, sum(places, kind, 'known'), sum(places, kind, 'unknown')]);
}

function sum(places: readonly Place[], kind: string, which: Case): string {
  const times = new Map<number, number>();
  for (const { load } of places) {
    for (const [status, count] of load.tally.counts.get(kind)?.[which] ?? []) {
      times.set(status, (times.get(status) ?? 0) + count);
    }
  }
  return [...times]
    .sort()
    .map(([status, count]) => `${count} × ${status}`)
    .join(', ');
}

function mostOf({ world }: Place): string {
  return String(Math.max(...[...world.authorizationServer.fetches.values()].map(mostFetches)));
}

function shortestOf({ world }: Place): string {
  const pauses = [...world.authorizationServer.failures.values()].map(shortestPause);
  return (Math.min(...pauses) / 1000).toFixed(1);
}

function seconds(milliseconds: readonly number[]): string {
  return milliseconds.map((value) => (value / 1000).toFixed(1)).join(', ');
}

function megabytes(bytes: number): string {
  return (bytes / MEGABYTE).toFixed(1);
}

function title(adapter: string): string {
  return adapter.replace(/^./, (letter) => letter.toUpperCase());
}
