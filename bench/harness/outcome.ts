import { at } from './at.js';
import type { Sample } from './server.js';
import { spread, type Spread } from './statistics.js';

export interface Outcome {
  name: string;
  perSecond: Spread;
  /** Microseconds of the server's CPU time per request. */
  cpu: Spread;
  generator: Spread;
  /** The throughput divided by the baseline's in the same turn. */
  ratio: Spread;
  /** The CPU time minus the baseline's in the same turn, in microseconds per request. */
  above: Spread;
  /** The CPU time divided by the baseline's in the same turn. */
  times: Spread;
  samples: Samples;
}

/** The outcomes by the name of the entrant. */
export type Outcomes = ReadonlyMap<string, Outcome>;

/** The samples by turn. Each is compared with the baseline's sample of the same turn. */
export type Samples = Map<number, Sample>;

export function toOutcome(name: string, own: Samples, baseline: Samples): Outcome {
  const overTurns = (pick: Pick) => spreadOf(own, baseline, pick);
  return {
    name,
    samples: own,
    perSecond: overTurns(({ perSecond }) => perSecond),
    cpu: overTurns(({ cpu }) => cpu),
    generator: overTurns(({ generator }) => generator),
    ratio: overTurns((sample, open) => sample.perSecond / open.perSecond),
    above: overTurns((sample, open) => sample.cpu - open.cpu),
    times: overTurns((sample, open) => sample.cpu / open.cpu),
  };
}

type Pick = (own: Sample, other: Sample) => number;

/** Compares each sample with the other entrant's sample of the same turn. */
export function spreadOf(own: Samples, other: Samples, pick: Pick): Spread {
  return spread([...own].map(([turn, sample]) => pick(sample, at(other, turn))));
}

/** Divides the median costs above the baseline. Quartiles of such quotients would mean nothing. */
export function timesTheLeast(own: Outcome, least: Outcome): number {
  return own.above.median / least.above.median;
}
