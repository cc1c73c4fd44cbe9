/** `known` if, when the request was sent, the server was known to have the key of the token or needed no key. */
export type Case = 'known' | 'unknown';

type Counts = Record<Case, Map<number, number>>;

/** The number of answers of each kind, and the slowest answer. */
export class Tally {
  /** The counts by kind of request, case and status. */
  readonly counts = new Map<string, Counts>();
  total = 0;
  slowest = 0;

  add(kind: string, which: Case, status: number, milliseconds: number): void {
    const cases = this.counts.get(kind) ?? noAnswers();
    this.counts.set(kind, cases);
    cases[which].set(status, (cases[which].get(status) ?? 0) + 1);
    this.total++;
    this.slowest = Math.max(this.slowest, milliseconds);
  }
}

function noAnswers(): Counts {
  return { known: new Map(), unknown: new Map() };
}
