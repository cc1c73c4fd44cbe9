import { at } from './at.js';
import type { Sample } from './server.js';
import { spread, type Spread } from './statistics.js';

export interface Outcome {
  name: string;
  perSecond: Spread;
  /** Microseconds of the server's CPU time per request. */
  cpu: Spread;
  generator: Spread;
  /** Of the baseline's throughput in the same turn. */
  ratio: Spread;
  /** Beyond the baseline's CPU time in the same turn, in microseconds per request. */
  above: Spread;
}

/** By entrant. */
export type Outcomes = ReadonlyMap<string, Outcome>;

/** By turn, so that each is held against the baseline's of the same. */
export type Samples = Map<number, Sample>;

export function toOutcome(name: string, own: Samples, baseline: Samples): Outcome {
  const overTurns = (pick: (own: Sample, baseline: Sample) => number) =>
    spread([...own].map(([turn, sample]) => pick(sample, at(baseline, turn))));
  return {
    name,
    perSecond: overTurns(({ perSecond }) => perSecond),
    cpu: overTurns(({ cpu }) => cpu),
    generator: overTurns(({ generator }) => generator),
    ratio: overTurns((sample, open) => sample.perSecond / open.perSecond),
    above: overTurns((sample, open) => sample.cpu - open.cpu),
  };
}
