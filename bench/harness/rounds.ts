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
  /** Costs so little that it takes many slices to tell how much. */
  isCheap?: boolean;
}

export interface Effort {
  /** Requests to each server before anything is measured. */
  warmUp: number;
  rounds: number;
  /** Requests in a slice. */
  slice: number;
  /** Slices of a cheap entrant in a round; 1 by default. */
  passes?: number;
}

/** By its round and pass, so that it is held against the baseline's of the same. */
type Samples = Map<number, Sample>;

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
 * machine does meanwhile, it does to all. Cheap ones have several in each round. A first round is thrown
 * away.
 */
export async function inRounds(
  entrants: readonly Entrant[],
  effort: Omit<Effort, 'warmUp'>,
): Promise<Map<string, Outcome>> {
  return outcomes(entrants, await sampled(entrants, effort));
}

/**
 * Rounds with new processes each time, `starts` times: of two processes of the same code one is faster,
 * for as long as they live, which more rounds would not tell.
 */
export async function inStarts(
  start: () => Promise<Entrant[]>,
  { starts, warmUp, ...effort }: Effort & { starts: number },
): Promise<Map<string, Outcome>> {
  const turns = effort.rounds * (effort.passes ?? 1);
  const all = new Map<string, Samples>();
  let entrants: Entrant[] = [];
  for (let first = 0; first < starts * turns; first += turns) {
    entrants = await start();
    await sampled(entrants, { rounds: 1, slice: warmUp });
    for (const [name, samples] of await sampled(entrants, effort)) {
      const later = [...samples].map(([turn, sample]) => [first + turn, sample] as const);
      all.set(name, new Map([...(all.get(name) ?? []), ...later]));
    }
    await Promise.all(entrants.map(({ server }) => server.stop()));
  }
  return outcomes(entrants, all);
}

async function sampled(
  entrants: readonly Entrant[],
  { rounds, slice, passes = 1 }: Omit<Effort, 'warmUp'>,
): Promise<Map<string, Samples>> {
  for (const { server, requests, remembers = false } of entrants) {
    await server.measure(requests, remembers ? Math.max(slice, requests.size) : slice);
  }
  const samples = new Map<string, Samples>(entrants.map(({ name }) => [name, new Map()]));
  for (let turn = 0; turn < rounds * passes; turn++) {
    const everybody = turn % passes === 0;
    const inTurn = entrants.filter(({ isCheap = false }) => everybody || isCheap);
    const first = turn % Math.max(inTurn.length, 1);
    for (const { name, server, requests } of [...inTurn.slice(first), ...inTurn.slice(0, first)]) {
      samples.get(name)?.set(turn, await server.measure(requests, slice));
    }
  }
  return samples;
}

function outcomes(
  entrants: readonly Entrant[],
  samples: ReadonlyMap<string, Samples>,
): Map<string, Outcome> {
  return new Map(
    entrants.map(({ name, baseline = name }) => {
      return [name, outcome(name, at(samples, name), at(samples, baseline))];
    }),
  );
}

function outcome(name: string, own: Samples, baseline: Samples): Outcome {
  const perRound = (pick: (own: Sample, baseline: Sample) => number) =>
    spread([...own].map(([turn, sample]) => pick(sample, at(baseline, turn))));
  return {
    name,
    perSecond: perRound(({ perSecond }) => perSecond),
    cpu: perRound(({ cpu }) => cpu),
    generator: perRound(({ generator }) => generator),
    ratio: perRound((sample, open) => sample.perSecond / open.perSecond),
    above: perRound((sample, open) => sample.cpu - open.cpu),
  };
}

export function allCheap(entrants: readonly Entrant[]): Entrant[] {
  return entrants.map((entrant) => ({ ...entrant, isCheap: true }));
}
