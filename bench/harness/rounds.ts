import { at } from './at.js';
import type { Requests } from './requests.js';
import { toOutcome, type Outcomes, type Samples } from './outcome.js';
import type { Server } from './server.js';

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
  /** How often all servers are started anew. */
  starts: number;
  /** Requests to each server before anything is measured. */
  warmUp: number;
  /** After each start. */
  rounds: number;
  /** Requests in a slice. */
  slice: number;
  /** Slices of a cheap entrant in a round; 1 by default. */
  passes?: number;
}

type Pace = Pick<Effort, 'rounds' | 'slice' | 'passes'>;

/**
 * Slices of all entrants in turn, round after round, each round starting with another, and every second one
 * going backwards: what the machine does meanwhile, it does to all, and no entrant always follows the same
 * one. Cheap ones have several in each round.
 */
export class Rounds {
  private readonly samples = new Map<string, Samples>();
  private baselines = new Map<string, string>();
  private turns = 0;

  /** More of them, after one that is thrown away: of the same entrants, or of those of a new start. */
  async run(entrants: readonly Entrant[], { rounds, slice, passes = 1 }: Pace): Promise<void> {
    await getReady(entrants, slice);
    this.baselines = new Map(entrants.map(({ name, baseline = name }) => [name, baseline]));
    for (const end = this.turns + rounds * passes; this.turns < end; this.turns++) {
      const everybody = this.turns % passes === 0;
      await this.turn(
        entrants.filter(({ isCheap = false }) => everybody || isCheap),
        { slice, passes },
      );
    }
  }

  outcomes(): Outcomes {
    const { samples } = this;
    return new Map(
      [...this.baselines].map(([name, baseline]) => {
        return [name, toOutcome(name, at(samples, name), at(samples, baseline))];
      }),
    );
  }

  private async turn(
    entrants: readonly Entrant[],
    { slice, passes }: Required<Pick<Pace, 'slice' | 'passes'>>,
  ): Promise<void> {
    for (const { name, server, requests } of this.inOrder(entrants, passes)) {
      const samples = this.samples.get(name) ?? (new Map() as Samples);
      this.samples.set(name, samples.set(this.turns, await server.measure(requests, slice)));
    }
  }

  /** Backwards in every second round of the expensive ones, and in every second of the others between them. */
  private inOrder(entrants: readonly Entrant[], passes: number): Entrant[] {
    const first = this.turns % Math.max(entrants.length, 1);
    const order = [...entrants.slice(first), ...entrants.slice(0, first)];
    const isBackwards = (Math.floor(this.turns / passes) + this.turns) % 2 === 1;
    return isBackwards ? order.reverse() : order;
  }
}

/** To each so many requests as nobody looks at, and to those with a memory all that they are to know. */
export async function getReady(entrants: readonly Entrant[], requests: number): Promise<void> {
  for (const { server, requests: all, remembers = false } of entrants) {
    await server.measure(all, remembers ? Math.max(requests, all.size) : requests);
  }
}

/**
 * Rounds with new processes each time: of two processes of the same code one is faster, for as long as
 * they live, which more rounds would not tell.
 */
export async function inStarts(
  start: () => Promise<Entrant[]>,
  { starts, warmUp, ...pace }: Effort,
): Promise<Outcomes> {
  const rounds = new Rounds();
  for (let n = 0; n < starts; n++) {
    const entrants = await start();
    await getReady(entrants, warmUp);
    await rounds.run(entrants, pace);
    const servers = new Set(entrants.map(({ server }) => server));
    await Promise.all([...servers].map((server) => server.stop()));
  }
  return rounds.outcomes();
}

export function allCheap(entrants: readonly Entrant[]): Entrant[] {
  return entrants.map((entrant) => ({ ...entrant, isCheap: true }));
}
