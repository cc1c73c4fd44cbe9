import { at } from './at.js';
import type { Requests } from './requests.js';
import { toOutcome, type Outcomes, type Samples } from './outcome.js';
import type { Server } from './server.js';

export interface Entrant {
  name: string;
  server: Server;
  requests: Requests;
  /** The name of the entrant that this one is compared with. A baseline has none itself. */
  baseline?: string;
  /** Caches verified tokens. Its cache is filled before the measurement. */
  remembers?: boolean;
  /** Costs so little that many slices are needed to measure it. */
  isCheap?: boolean;
}

export interface Effort {
  /** The number of starts, each with new processes. */
  starts: number;
  /** Requests to each server before anything is measured. */
  warmUp: number;
  /** Rounds after each start. */
  rounds: number;
  /** Requests in a slice. */
  slice: number;
  /** Slices of a cheap entrant in a round. Default: 1. */
  passes?: number;
}

type Pace = Pick<Effort, 'rounds' | 'slice' | 'passes'>;

/**
 * Measures all entrants in turn, slice by slice and round by round. Each round starts with another entrant, so
 * that a disturbance of the machine affects all alike. Every second round goes backwards, so that no entrant
 * always follows the same one. Cheap entrants have a slice in each pass.
 */
export class Rounds {
  private readonly samples = new Map<string, Samples>();
  private baselines = new Map<string, string>();
  private turns = 0;

  /** Runs more rounds, with the same entrants or those of a new start. One slice of each is discarded before. */
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

  /**
   * Returns the entrants of a turn in their order. The turns of all entrants alternate between forwards and
   * backwards. So do the turns of the cheap entrants between them.
   */
  private inOrder(entrants: readonly Entrant[], passes: number): Entrant[] {
    const first = this.turns % Math.max(entrants.length, 1);
    const order = [...entrants.slice(first), ...entrants.slice(0, first)];
    const isBackwards = (Math.floor(this.turns / passes) + (this.turns % passes)) % 2 === 1;
    return isBackwards ? order.reverse() : order;
  }
}

/** Sends requests that are not measured. Entrants that cache tokens receive all of their tokens. */
export async function getReady(entrants: readonly Entrant[], requests: number): Promise<void> {
  for (const { server, requests: all, remembers = false } of entrants) {
    await server.measure(all, remembers ? Math.max(requests, all.size) : requests);
  }
}

/**
 * Measures rounds with new processes for each start. Two processes of the same code differ in speed for as long
 * as they live, and more rounds with the same processes would not show that.
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
