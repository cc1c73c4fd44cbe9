import { at } from '../harness/at.js';
import { isCheap, type Description } from '../harness/contenders.js';
import { Requests } from '../harness/load.js';
import { section, show, table, type Part, type Target } from '../harness/report.js';
import { inRounds, type Outcome } from '../harness/rounds.js';
import type { Comparison, Load } from './comparison.js';

type Outcomes = ReadonlyMap<string, Outcome>;

/** All contenders under one kind of load. */
export async function comparePeers(comparison: Comparison, load: Load): Promise<Part> {
  const tokens = await comparison.issuer.mint({ algorithm: load.algorithm, count: load.tokens });
  const entrants = supporting(comparison, load).map((contender) => {
    const server = at(comparison.servers, contender.name);
    const requests = Requests.withTokens(tokens);
    return { ...contender, server, requests, isCheap: isCheap(contender) };
  });
  const outcomes = await inRounds(entrants, comparison.effort);
  const title = `${load.algorithm}, ${load.tokens === 1 ? 'one token' : `${load.tokens} tokens`}`;
  return {
    text: section(title, outcomeTable(comparison, load, outcomes)),
    targets: targets(comparison, load, outcomes, title),
  };
}

function supporting(comparison: Comparison, load: Load): Description[] {
  return underLoad(comparison, load).filter(
    ({ name }) => comparison.support.get(name)?.get(load.algorithm) === undefined,
  );
}

/** What a part costs besides the verification, it costs with every algorithm. */
function underLoad({ contenders }: Comparison, { algorithm }: Load): Description[] {
  return contenders.filter(({ isPart = false }) => !isPart || algorithm === 'RS256');
}

function outcomeTable(comparison: Comparison, load: Load, outcomes: Outcomes): string {
  const rows = underLoad(comparison, load).map(({ name, label, baseline }) => {
    const outcome = outcomes.get(name);
    if (outcome === undefined) {
      const reason = comparison.support.get(name)?.get(load.algorithm) ?? '';
      return [label, 'not supported', reason, '', ''];
    }
    const { perSecond, cpu, ratio, above } = outcome;
    return baseline === undefined
      ? [label, perSecond.median.toFixed(0), '1', show(cpu, 1), '']
      : [label, perSecond.median.toFixed(0), show(ratio, 3), show(cpu, 1), show(above, 1)];
  });
  return table(
    ['', 'requests/s', 'of the open route', 'CPU µs/request', 'CPU µs above the open route'],
    rows,
  );
}

function targets(
  { contenders }: Comparison,
  { algorithm, tokens }: Load,
  outcomes: Outcomes,
  title: string,
): Target[] {
  const of = (name: string) => outcomes.get(name);
  const peers = contenders
    .filter(({ isPeer }) => isPeer === true)
    .flatMap(({ name }) => of(name) ?? []);
  const leanest = peers.toSorted((a, b) => a.above.median - b.above.median)[0];
  const list: Target[] = [];
  const ours = of('ours');
  if (algorithm === 'RS256' && ours !== undefined) {
    list.push(...seenBefore(ours, leanest, title));
  }
  const firstSight = of('ours-first-sight');
  if (firstSight !== undefined && leanest !== undefined) {
    const share = firstSight.above.median / leanest.above.median;
    list.push({
      what: `First sight, CPU above the open route (${title})`,
      wanted: "≤ 1.05 × the leanest peer's",
      seen: `${share.toFixed(2)} × ${leanest.name}'s`,
      met: share <= 1.05,
    });
  }
  if (tokens === 1) {
    list.push(...throughput(ours, 'Express', 0.92, title));
    list.push(...throughput(of('ours-fastify'), 'Fastify', 0.9, title));
  }
  return list;
}

function seenBefore({ above }: Outcome, leanest: Outcome | undefined, title: string): Target[] {
  const what = `Token seen before, CPU above the open route (${title})`;
  const list = [
    {
      what,
      wanted: '≤ 15 µs',
      seen: `${above.median.toFixed(1)} µs`,
      met: above.median <= 15,
    },
  ];
  if (leanest !== undefined) {
    const times = leanest.above.median / Math.max(above.median, 0.1);
    list.push({
      what,
      wanted: "≤ 1/8 of the best peer's",
      seen: `1/${times.toFixed(1)} of ${leanest.name}'s`,
      met: times >= 8,
    });
  }
  return list;
}

function throughput(
  outcome: Outcome | undefined,
  adapter: string,
  least: number,
  title: string,
): Target[] {
  if (outcome === undefined) {
    return [];
  }
  const { median } = outcome.ratio;
  return [
    {
      what: `Throughput of the open route's, ${adapter} (${title})`,
      wanted: `≥ ${least}`,
      seen: median.toFixed(3),
      met: median >= least,
    },
  ];
}
