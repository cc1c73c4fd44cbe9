import { at } from './at.js';
import type { Requests } from './load.js';
import type { Sample, Server } from './server.js';
import { spread, type Spread } from './statistics.js';

export interface Entrant {
  name: string;
  server: Server;
  requests: Requests;
  /** The name of the entrant that this one is held against; none for such an entrant itself. */
  baseline?: string;
  /** Has a memory for tokens, which is to be filled first. */
  remembers?: boolean;
}

export interface Effort {
  /** Requests to each server before anything is measured. */
  warmUp: number;
  rounds: number;
  /** Requests in a slice. */
  slice: number;
}

export interface Outcome {
  name: string;
  perSecond: Spread;
  /** Microseconds of the server's CPU time per request. */
  cpu: Spread;
  generator: Spread;
  /** Of the baseline's throughput in the same round. */
  ratio: Spread;
  /** Beyond the baseline's CPU time in the same round, in microseconds per request. */
  above: Spread;
}

/**
 * Slices of all entrants in turn, round after round, each round starting with another: what the
 * machine does meanwhile, it does to all. A first round is thrown away.
 */
export async function inRounds(
  entrants: readonly Entrant[],
  { rounds, slice }: Pick<Effort, 'rounds' | 'slice'>,
): Promise<Map<string, Outcome>> {
  for (const { server, requests, remembers = false } of entrants) {
    await server.measure(requests, remembers ? Math.max(slice, requests.size) : slice);
  }
  const samples = new Map<string, Sample[]>(entrants.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    const first = round % entrants.length;
    for (const { name, server, requests } of [
      ...entrants.slice(first),
      ...entrants.slice(0, first),
    ]) {
      samples.get(name)?.push(await server.measure(requests, slice));
    }
  }
  return new Map(
    entrants.map(({ name, baseline = name }) => {
      return [name, outcome(name, at(samples, name), at(samples, baseline))];
    }),
  );
}

function outcome(name: string, own: Sample[], baseline: Sample[]): Outcome {
  const perRound = (pick: (own: Sample, baseline: Sample) => number) =>
    spread(own.map((sample, round) => pick(sample, baseline[round] as Sample)));
  return {
    name,
    perSecond: perRound(({ perSecond }) => perSecond),
    cpu: perRound(({ cpu }) => cpu),
    generator: perRound(({ generator }) => generator),
    ratio: perRound((sample, open) => sample.perSecond / open.perSecond),
    above: perRound((sample, open) => sample.cpu - open.cpu),
  };
}
