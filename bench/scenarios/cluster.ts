// Measures contenders under Node's `cluster`: 1, 2 and 4 processes that share a port.
import { ALGORITHMS } from '../contenders/contender.js';
import { CONTENDERS } from '../harness/contenders.js';
import { at } from '../harness/at.js';
import { Requests } from '../harness/requests.js';
import { commandLine, machine } from '../harness/machine.js';
import { readOptions } from '../harness/options.js';
import { section, show, table, writeReport } from '../harness/report.js';
import { inStarts, type Entrant } from '../harness/rounds.js';
import { Server } from '../harness/server.js';
import { TokenIssuer } from '../harness/token-issuer.js';

const PROCESSES = [1, 2, 4];
const NAMES = ['open', 'ours', 'open-fastify', 'ours-fastify'];

const options = readOptions(
  { starts: 3, warmUp: 10_000, rounds: 5, slice: 4000 },
  { starts: 1, warmUp: 300, rounds: 3, slice: 300 },
);
const issuer = await TokenIssuer.start();
const contenders = CONTENDERS.filter(({ name }) => NAMES.includes(name));
const tokens = await issuer.mint({ algorithm: ALGORITHMS[0], count: options.quick ? 100 : 1000 });

const startAll = () =>
  PROCESSES.flatMap((processes) =>
    contenders.map(async ({ name, baseline = name }): Promise<Entrant> => {
      const args = [String(processes)];
      const server = await Server.start(name, issuer.setup, { file: 'cluster.process', args });
      return {
        name: `${name} ${processes}`,
        server,
        requests: Requests.withTokens(tokens),
        baseline: `${baseline} ${processes}`,
        remembers: true,
      };
    }),
  );
const outcomes = await inStarts(() => Promise.all(startAll()), options);
await issuer.stop();

const rows = contenders.flatMap(({ name, label, baseline }) =>
  PROCESSES.map((processes) => {
    const { perSecond, ratio, cpu, generator } = at(outcomes, `${name} ${processes}`);
    return [
      label,
      String(processes),
      show(perSecond, 0),
      baseline === undefined ? '1' : show(ratio, 3),
      cpu.median.toFixed(1),
      generator.median.toFixed(2),
    ];
  }),
);
const head = [
  '',
  'processes',
  'requests/s',
  'throughput ÷ open route',
  'CPU µs/request',
  'cores of the load generator',
];
const text = section(
  'Processes that share a port',
  machine(commandLine('bench:cluster')),
  `${options.starts} starts with new processes, ${options.rounds} rounds after each start, slices of ${options.slice} requests over 32 connections, with ${tokens.length} tokens. Medians with quartiles in brackets. Each process has its own token cache. The load generator needs a part of the cores, so more processes than remaining cores add no throughput.`,
  table(head, rows),
);
await writeReport(text, {
  file: 'bench/cluster.md',
  quick: options.quick,
  out: options.out,
  append: true,
});
