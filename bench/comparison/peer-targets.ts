import type { Outcome, Outcomes } from '../harness/outcome.js';
import type { Target } from '../harness/report.js';
import type { Field, Load } from './comparison.js';

/** What the project aims at, and what came out. */
export function peerTargets(
  { contenders }: Field,
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
