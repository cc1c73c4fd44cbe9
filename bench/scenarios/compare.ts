// Ours and the peers on the same route, in one interleaved run.
import { at } from '../harness/at.js';
import { ALGORITHMS } from '../contenders/contender.js';
import { generatorCeiling } from '../comparison/ceiling.js';
import type { Comparison } from '../comparison/comparison.js';
import { compareMetadataRoute } from '../comparison/metadata-route.js';
import { compareOpaqueToken } from '../comparison/opaque-token.js';
import { comparePeers } from '../comparison/peers.js';
import { compareRefusals } from '../comparison/refusals.js';
import { compareStartUp } from '../comparison/start-up.js';
import { CONTENDERS, selected, startAll, stopAll, type Servers } from '../harness/contenders.js';
import { Requests } from '../harness/load.js';
import { commandLine, machine } from '../harness/machine.js';
import { oneOf, readOptions } from '../harness/options.js';
import { check, type Support } from '../harness/preflight.js';
import { writeProfile } from '../harness/profile.js';
import { section, targetTable, writeReport, type Part } from '../harness/report.js';
import { TokenIssuer } from '../harness/token-issuer.js';

const options = readOptions(
  { warmUp: 30_000, rounds: 9, slice: 2000, passes: 6 },
  { warmUp: 100, rounds: 2, slice: 100 },
);
/** Each of 5,000 tokens comes round more seldom than once a minute, since all contenders take turns. */
const KEEP_TOKENS_FOR = 3600;
const distinctTokens = [1, options.quick ? 100 : 5000];
const names = CONTENDERS.map(({ name }) => name);
const only = options.only && oneOf('only', options.only, names);
const issuer = await TokenIssuer.start();

if (options.profile !== undefined) {
  await writeProfile(oneOf('profile', options.profile, names), issuer);
} else {
  await compare();
}
await issuer.stop();

async function compare(): Promise<void> {
  const contenders = selected(only);
  const setup = { ...issuer.setup, keepTokensFor: KEEP_TOKENS_FOR };
  const servers = await startAll(contenders, setup);
  const support = new Map<string, Support>();
  for (const contender of contenders) {
    support.set(contender.name, await check(contender, at(servers, contender.name), issuer));
  }
  await warmUp(servers);
  const comparison: Comparison = { contenders, servers, support, issuer, effort: options };
  const parts: Part[] = [];
  for (const algorithm of ALGORITHMS) {
    for (const tokens of distinctTokens) {
      parts.push(await comparePeers(comparison, { algorithm, tokens }));
    }
  }
  parts.push(await compareOpaqueToken(comparison));
  parts.push(await compareRefusals(comparison));
  parts.push(await compareMetadataRoute(comparison));
  await stopAll(servers);
  if (only === undefined) {
    parts.push(await compareStartUp(comparison, options.quick ? 1 : 11));
  }
  await write(parts);
}

/** So that no contender is measured before it is compiled. */
async function warmUp(servers: Servers): Promise<void> {
  const requests = Requests.withTokens(await issuer.mint({ algorithm: 'RS256', count: 1 }));
  for (const server of servers.values()) {
    await server.measure(requests, options.warmUp);
  }
}

async function write(parts: Part[]): Promise<void> {
  const [token = ''] = await issuer.mint({ algorithm: 'RS256', count: 1 });
  const targets = section('Targets', targetTable(parts.flatMap((part) => part.targets)));
  const text = [
    '# What it costs',
    machine(commandLine('bench')),
    `- ${options.rounds} rounds of slices of ${options.slice} requests over 32 connections, medians with quartiles; ${options.passes ?? 1} slices in each round of what costs little.`,
    `- ${await generatorCeiling(token)}`,
    '',
    targets,
    ...parts.map((part) => part.text),
    '',
  ].join('\n');
  await writeReport(text, {
    file: 'bench/results.md',
    quick: options.quick || only !== undefined,
    out: options.out,
  });
}
