import { setTimeout as sleep } from 'node:timers/promises';
import { Requests } from '../harness/requests.js';
import { section, table, type Target } from '../harness/report.js';
import { Server, type Usage } from '../harness/server.js';
import type { TokenIssuer } from '../harness/token-issuer.js';

const LIMIT = 60;
const MIB = 2 ** 20;
const PASSES = 2;
const SAMPLES = 10;
const COLLECTED = 'garbage collected';

export interface MemoryPoint {
  when: string;
  /** Tokens sent so far. */
  tokens: number;
  /** The resident memory above idle in MiB, by server. */
  growth: number[];
  /** The used heap above idle in MiB, by server. It includes garbage, except right after a collection. */
  heap: number[];
}

/** The third shows what a minimal cache of so many tokens needs. The last is the library when V8 saves memory. */
const SERVERS = [
  { title: 'nestjs-mcp-auth', name: 'ours', execArgv: [] },
  { title: '`tokenCache: false`', name: 'ours-first-sight', execArgv: [] },
  { title: 'a guard that caches verified tokens', name: 'caching-guard', execArgv: [] },
  {
    title: '`node --optimize-for-size`',
    name: 'ours',
    execArgv: ['--optimize-for-size'],
  },
];

/**
 * Measures the resident memory while distinct tokens arrive. A server without a token cache shows what any
 * traffic does to the heap. All tokens are sent twice: at the second time, the cache has already dropped the
 * first ones. The bench forces a garbage collection only before the idle value and where a row says so.
 */
export async function measureMemory(
  issuer: TokenIssuer,
  { tokens, settle, warmUp }: { tokens: number; settle: number; warmUp: number },
): Promise<MemoryPoint[]> {
  const servers = await Promise.all(
    SERVERS.map(({ name, execArgv }) =>
      Server.start(name, issuer.setup, { execArgv: ['--expose-gc', ...execArgv] }),
    ),
  );
  const known = Requests.withTokens(await issuer.mint({ algorithm: 'RS256', count: 1 }));
  for (const server of servers) {
    await server.measure(known, warmUp);
    await server.collect();
  }
  const count = Math.ceil(tokens / SAMPLES);
  const batches: string[][] = [];
  for (let batch = 0; batch < SAMPLES; batch++) {
    batches.push(await issuer.mint({ algorithm: 'RS256', count }));
  }
  // V8 returns collected memory to the system only after a while.
  await sleep(settle * 1000);
  const idle = await Promise.all(servers.map((server) => server.usage()));
  const points: MemoryPoint[] = [];
  const record = async (when: string, sent: number, ask: 'usage' | 'collect') => {
    const now = await Promise.all(servers.map((server) => server[ask]()));
    const above = (pick: (usage: Usage) => number) =>
      now.map((usage, n) => (pick(usage) - pick(idle[n] as Usage)) / MIB);
    const [growth, heap] = [above(({ memory }) => memory), above((usage) => usage.heap)];
    points.push({ when, tokens: sent, growth, heap });
  };
  await record('idle', 0, 'usage');
  for (let pass = 0; pass < PASSES; pass++) {
    for (const [batch, list] of batches.entries()) {
      for (const server of servers) {
        await server.measure(Requests.withTokens(list), count);
      }
      const sent = (pass * SAMPLES + batch + 1) * count;
      await record(`after ${sent} tokens`, sent, 'usage');
    }
  }
  await record(COLLECTED, PASSES * SAMPLES * count, 'collect');
  for (let waited = 1; waited <= 3; waited++) {
    await sleep(settle * 1000);
    await record(`${waited * settle} s later`, PASSES * SAMPLES * count, 'usage');
  }
  await Promise.all(servers.map((server) => server.stop()));
  return points;
}

export function memorySection(points: readonly MemoryPoint[], tokens: number): string {
  const shown = points.filter(({ when }, n) => !when.startsWith('after') || n % 5 === 0);
  const rows = shown.map(({ when, growth }) => [when, ...growth.map((mib) => mib.toFixed(1))]);
  const collected = points.find(({ when }) => when === COLLECTED);
  const heap = SERVERS.map((_, n) => collected?.heap[n]?.toFixed(1));
  return section(
    `${tokens} distinct tokens, sent twice`,
    'Resident memory above idle, MiB. The idle value is taken after the warm-up, a garbage collection and a pause.',
    table(['', ...SERVERS.map(({ title }) => title)], rows),
    `Used heap above idle after the garbage collection, in the order of the columns: ${heap.join(', ')} MiB.`,
  );
}

export function memoryTargets(points: readonly MemoryPoint[], tokens: number): Target[] {
  const own = points.map(({ growth }) => growth[0] ?? NaN);
  const target = (what: string, mib: number) => ({
    what: `Resident memory above idle with ${tokens} distinct tokens, ${what}`,
    wanted: `≤ ${LIMIT} MiB`,
    seen: `${mib.toFixed(1)} MiB`,
    met: mib <= LIMIT,
  });
  return [target('highest', Math.max(...own)), target('at the end', own.at(-1) ?? NaN)];
}
