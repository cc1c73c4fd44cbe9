import type { Violations } from '../report/violations.js';
import type { Standing } from '../world/signing-key.js';
import { rightStatuses } from '../world/situation.js';
import type { World } from '../world/world.js';
import { flawOf } from './examine.js';
import { KINDS } from './kinds.js';
import { Load } from './load.js';
import { EVERYDAY, pick, type Mix } from './mix.js';
import type { Answer, Probe } from './probe.js';

/** A request under way, and every status that was right at some moment since it was sent. */
interface Flight {
  probe: Probe;
  right: Set<number>;
}

/** Sends requests of all kinds to one server, and examines each answer. */
export class Traffic extends Load {
  mix: Mix = EVERYDAY;
  private readonly flights = new Set<Flight>();

  constructor(
    private readonly world: World,
    private readonly violations: Violations,
  ) {
    super(world.server.port);
    world.onChange = () => this.flights.forEach((flight) => this.admit(flight));
  }

  protected override async exchange(): Promise<void> {
    const probe = this.makeProbe();
    const flight: Flight = { probe, right: new Set() };
    this.flights.add(flight);
    this.admit(flight);
    const sent = performance.now();
    const which = standingOf(probe) === 'seen' ? 'known' : 'unknown';
    try {
      const answer = await this.connections.send(probe);
      this.admit(flight);
      this.tally.add(probe.kind, which, answer.status, performance.now() - sent);
      this.examine(answer, flight);
    } catch (error) {
      this.report(probe, 'lost', (error as Error).message);
    } finally {
      this.flights.delete(flight);
    }
  }

  /**
   * Makes a request. If the chosen kind is not possible now, it chooses again, so that every worker sends a request
   * at once. A connection that is opened after the warm-up would look like a leak.
   */
  private makeProbe(): Probe {
    for (;;) {
      const kind = pick(this.mix);
      const made = KINDS[kind](this.world);
      if (made !== undefined) {
        return { ...made, kind };
      }
    }
  }

  /** Adds the statuses that are right now to those that are right for a request in flight. */
  private admit({ probe, right }: Flight): void {
    const { world } = this;
    const standing = standingOf(probe);
    const statuses = rightStatuses(world.situation, standing, probe.verdict());
    statuses.forEach((status) => right.add(status));
    if (standing !== 'seen') {
      world.lastSearch = performance.now();
    }
  }

  private examine(answer: Answer, { probe, right }: Flight): void {
    if (!right.has(answer.status)) {
      const rule = answer.status >= 500 ? 'a 5xx where none may be' : 'wrong decision';
      this.report(probe, rule, `${answer.status}, not ${[...right].join(' or ')}`);
      return;
    }
    const flaw = flawOf(answer, probe);
    if (flaw !== undefined) {
      this.report(probe, 'wrong answer', flaw);
    }
    probe.onAnswer?.(answer);
    if (probe.tokens && [200, 403, 404].includes(answer.status)) {
      this.world.hasSeen(probe.tokens);
    }
  }

  private report({ kind }: Probe, rule: string, what: string): void {
    const { adapter, situation } = this.world;
    this.violations.add(`${adapter}, authorization server ${situation}`, rule, `${kind}: ${what}`);
  }
}

/** Returns the standing of the key of a request. A request that depends on no key counts as `seen`. */
function standingOf({ tokens }: Probe): Standing {
  return tokens?.key.standing ?? 'seen';
}
