import { timesTheLeast, type Outcome, type Outcomes } from '../harness/outcome.js';
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
  list.push(
    ...besideTheLeast(ours, of('caching-guard'), {
      what: `Token seen before, beside a guard that keeps verified tokens (${title})`,
      most: 1.5,
    }),
    ...besideTheLeast(firstSight, of('jose-guard'), {
      what: `First sight, beside a guard that only verifies with jose (${title})`,
      most: 1.1,
    }),
  );
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

/** What it costs above the open route, against what the least costs that does the same. */
export function besideTheLeast(
  outcome: Outcome | undefined,
  least: Outcome | undefined,
  { what, most }: { what: string; most: number },
): Target[] {
  if (outcome === undefined || least === undefined) {
    return [];
  }
  const times = timesTheLeast(outcome, least);
  return [{ what, wanted: `≤ ${most} ×`, seen: `${times.toFixed(2)} ×`, met: times <= most }];
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
