// Compares the library with its peers on the same route, in one interleaved run.
import { at } from '../harness/at.js';
import { ALGORITHMS } from '../contenders/contender.js';
import {
  firstSightBeforeAndNow,
  OURS,
  rejectedBeforeAndNow,
  seenBeforeAndNow,
  withEarlier,
} from '../comparison/before-and-now.js';
import { dpopRequests } from '../comparison/dpop-requests.js';
import { generatorCeiling } from '../comparison/ceiling.js';
import { hostileRequests } from '../comparison/hostile.js';
import type { Comparison, Field } from '../comparison/comparison.js';
import { mcpRequests } from '../comparison/mcp-requests.js';
import { metadataRoute } from '../comparison/metadata-route.js';
import { observers } from '../comparison/observers.js';
import { INTROSPECTING, opaqueTokens } from '../comparison/opaque-token.js';
import { peersUnder } from '../comparison/peers.js';
import { refusals } from '../comparison/refusals.js';
import { compareStartUp } from '../comparison/start-up.js';
import {
  CONTENDERS,
  selected,
  startAll,
  stopAll,
  type Program,
  type Servers,
} from '../harness/contenders.js';
import { buildEarlier } from '../harness/earlier-library.js';
import { Requests } from '../harness/requests.js';
import { commandLine, machine } from '../harness/machine.js';
import { oneOf, readOptions } from '../harness/options.js';
import { check, type Support } from '../harness/preflight.js';
import { writeProfile } from '../harness/profile.js';
import { section, targetTable, writeReport, type Part } from '../harness/report.js';
import { Rounds, type Effort } from '../harness/rounds.js';
import { TokenIssuer } from '../harness/token-issuer.js';

const options = readOptions(
  { starts: 5, warmUp: 20_000, rounds: 2, slice: 2000, passes: 6 },
  { starts: 1, warmUp: 100, rounds: 2, slice: 100 },
);
/** The lifetime of cached tokens in seconds. In a minute, 5,000 tokens would expire between two slices. */
const KEEP_TOKENS_FOR = 3600;
const distinctTokens = [1, options.quick ? 100 : 5000];
const names = CONTENDERS.map(({ name }) => name);
/** The measurements after the comparisons. Each starts its own servers. */
const further: Record<string, () => Promise<Part>> = {
  mcp: () => mcpRequests(issuer, slower(8)),
  dpop: () => dpopRequests(issuer, slower(2)),
  observers: () => observers(issuer, slower(2)),
  hostile: () => hostileRequests(issuer, options.quick ? 2 : 15),
};
const nameable = options.against === undefined ? [...names, ...Object.keys(further)] : OURS;
const only = options.only && oneOf('only', options.only, nameable);
const earlier = options.against === undefined ? undefined : buildEarlier(options.against);
const isPartial = only !== undefined || earlier !== undefined;
const issuer = await TokenIssuer.start();
const setup = { ...issuer.setup, keepTokensFor: KEEP_TOKENS_FOR };

if (options.profile !== undefined) {
  await writeProfile(oneOf('profile', options.profile, names), issuer);
} else {
  const alone = further[only ?? ''];
  await write(alone === undefined ? await compare() : [await alone()]);
}
await issuer.stop();

async function compare(): Promise<Part[]> {
  const contenders = earlier ? withEarlier(CONTENDERS, earlier.build, only) : selected(only);
  const field = { contenders, support: new Map<string, Support>(), issuer };
  const comparisons = compared().map((comparison) => ({ comparison, rounds: new Rounds() }));
  for (let start = 1; start <= options.starts; start++) {
    console.log(`Start ${start} of ${options.starts}.`);
    const servers = await startAll(programs(field), setup);
    await inspect(field, servers);
    await warmUp(servers);
    for (const { comparison, rounds } of comparisons) {
      await rounds.run(await comparison.entrants(field, servers), options);
    }
    await stopAll(servers);
  }
  const parts = comparisons.map(({ comparison, rounds }) =>
    comparison.report(rounds.outcomes(), field),
  );
  if (isPartial) {
    return parts;
  }
  for (const measure of Object.values(further)) {
    parts.push(await measure());
  }
  return [...parts, await compareStartUp(issuer, options.quick ? 1 : 11)];
}

/** Returns an effort with fewer requests, for requests that take several times as long. */
function slower(times: number): Effort {
  const { slice, warmUp } = options;
  return { ...options, slice: Math.ceil(slice / times), warmUp: Math.ceil(warmUp / times) };
}

function compared(): Comparison[] {
  if (earlier !== undefined) {
    const all = [
      ...distinctTokens.map(seenBeforeAndNow),
      firstSightBeforeAndNow,
      rejectedBeforeAndNow,
    ];
    return all.filter(({ of }) => only === undefined || of.includes(only));
  }
  const underLoads = ALGORITHMS.flatMap((algorithm) =>
    distinctTokens.map((tokens) => peersUnder({ algorithm, tokens })),
  );
  return isPartial ? underLoads : [...underLoads, opaqueTokens, refusals, metadataRoute];
}

function programs({ contenders }: Field): Program[] {
  return [...contenders, ...(isPartial ? [] : [{ name: INTROSPECTING }])];
}

/** Checks all contenders, and records the algorithms that they support. */
async function inspect({ contenders, support }: Field, servers: Servers): Promise<void> {
  for (const contender of contenders) {
    support.set(contender.name, await check(contender, at(servers, contender.name), issuer));
  }
}

/** Sends requests to all contenders, so that V8 has compiled their code before the measurement. */
async function warmUp(servers: Servers): Promise<void> {
  const requests = Requests.withTokens(await issuer.mint({ algorithm: 'RS256', count: 1 }));
  for (const server of servers.values()) {
    await server.measure(requests, options.warmUp);
  }
}

async function write(parts: Part[]): Promise<void> {
  const [token = ''] = await issuer.mint({ algorithm: 'RS256', count: 1 });
  const targets = parts.flatMap((part) => part.targets);
  const text = [
    '# Cost of protection',
    machine(commandLine('bench')),
    `- ${options.starts} starts with new processes, ${options.rounds} rounds after each start, slices of ${options.slice} requests over 32 connections. Contenders that cost little have ${options.passes ?? 1} slices in each round. Medians with quartiles in brackets.`,
    `- ${await generatorCeiling(token)}`,
    ...(earlier === undefined ? [] : [`- Before: commit ${earlier.commit}.`]),
    '',
    ...(targets.length > 0 ? [section('Targets', targetTable(targets))] : []),
    ...parts.map((part) => part.text),
    '',
  ].join('\n');
  await writeReport(text, {
    file: 'bench/results.md',
    quick: options.quick || isPartial,
    out: options.out,
  });
}
