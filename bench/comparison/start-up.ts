import type { Setup, Size } from '../contenders/contender.js';
import { section, show, table, type Part } from '../harness/report.js';
import { Server } from '../harness/server.js';
import { spread } from '../harness/statistics.js';
import type { TokenIssuer } from '../harness/token-issuer.js';

const HANDLERS = 1000;

/** Measures the start-up of an application with many handlers, in new processes, one at a time. */
export async function compareStartUp(issuer: TokenIssuer, repetitions: number): Promise<Part> {
  const starts = { open: [] as Start[], guarded: [] as Start[] };
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const order =
      repetition % 2 === 0 ? (['open', 'guarded'] as const) : (['guarded', 'open'] as const);
    for (const kind of order) {
      starts[kind].push(await start(issuer.setup, kind === 'open' ? 'none' : 'ours'));
    }
  }
  const more = (pick: (start: Start) => number) =>
    spread(starts.guarded.map((start, n) => pick(start) - pick(starts.open[n] as Start)));
  const total = more(({ startUp }) => startUp);
  const row = (label: string, pick: (start: Start) => number) => [
    label,
    show(spread(starts.open.map(pick)), 0),
    show(spread(starts.guarded.map(pick)), 0),
    show(more(pick), 0),
  ];
  return {
    text: section(
      `Start-up with ${HANDLERS} handlers (Express, ${repetitions} pairs of new processes)`,
      table(
        ['', 'without the module, ms', 'with the module, ms', 'difference, ms'],
        [
          row('from the start of the process until it listens', ({ startUp }) => startUp),
          row('the part of it after all modules are loaded', ({ creation }) => creation),
        ],
      ),
    ),
    targets: [
      {
        what: `Start-up with ${HANDLERS} handlers, with the module compared with without`,
        wanted: '≤ 150 ms more',
        seen: `${total.median.toFixed(0)} ms`,
        met: total.median <= 150,
      },
    ],
  };
}

interface Start {
  startUp: number;
  creation: number;
}

async function start(setup: Setup, guard: Size['guard']): Promise<Start> {
  const size: Size = { resources: 1, handlers: HANDLERS, adapter: 'express', guard };
  const server = await Server.start('sized', { ...setup, size });
  const { ready } = server;
  await server.stop();
  return ready;
}
