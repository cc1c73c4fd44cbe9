import { timesTheLeast, type Outcome, type Outcomes } from '../harness/outcome.js';
import type { Target } from '../harness/report.js';
import type { Field, Load } from './comparison.js';

/** Returns the targets of the project, with the measured values. */
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
  const cheapest = peers.toSorted((a, b) => a.above.median - b.above.median)[0];
  const list: Target[] = [];
  const ours = of('ours');
  if (algorithm === 'RS256' && ours !== undefined) {
    list.push(...seenBefore(ours, cheapest, title));
  }
  const firstSight = of('ours-first-sight');
  if (firstSight !== undefined && cheapest !== undefined) {
    const share = firstSight.above.median / cheapest.above.median;
    list.push({
      what: `New token, CPU above the open route (${title})`,
      wanted: '≤ 1.05 × the cheapest peer',
      seen: `${share.toFixed(2)} × ${cheapest.name}`,
      met: share <= 1.05,
    });
  }
  list.push(
    ...besideTheLeast(ours, of('caching-guard'), {
      what: `Token seen before, compared with a guard that caches verified tokens (${title})`,
      most: 1.5,
    }),
    ...besideTheLeast(firstSight, of('jose-guard'), {
      what: `New token, compared with a guard that only verifies with jose (${title})`,
      most: 1.1,
    }),
  );
  if (tokens === 1) {
    list.push(...throughput(ours, 'Express', 0.92, title));
    list.push(...throughput(of('ours-fastify'), 'Fastify', 0.9, title));
  }
  return list;
}

function seenBefore({ above }: Outcome, cheapest: Outcome | undefined, title: string): Target[] {
  const what = `Token seen before, CPU above the open route (${title})`;
  const list = [
    {
      what,
      wanted: '≤ 15 µs',
      seen: `${above.median.toFixed(1)} µs`,
      met: above.median <= 15,
    },
  ];
  if (cheapest !== undefined) {
    const times = cheapest.above.median / Math.max(above.median, 0.1);
    list.push({
      what,
      wanted: '≤ 1/8 of the cheapest peer',
      seen: `1/${times.toFixed(1)} of ${cheapest.name}`,
      met: times >= 8,
    });
  }
  return list;
}

/** Returns a target for the cost above the open route, compared with the minimal guard for the same job. */
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
      what: `Throughput ÷ open route, ${adapter} (${title})`,
      wanted: `≥ ${least}`,
      seen: median.toFixed(3),
      met: median >= least,
    },
  ];
}
