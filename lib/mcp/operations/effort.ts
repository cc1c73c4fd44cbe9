/**
 * The work that one request may cause: whoever sends it chooses the texts, and how many there are. One
 * unit is about a nanosecond.
 */
export class Effort {
  constructor(private left: number) {}

  /** Whether more was asked for than there was. */
  get isExhausted(): boolean {
    return this.left < 0;
  }

  /** Takes units, and returns whether there were as many. */
  spend(units: number): boolean {
    this.left -= units;
    return this.left >= 0;
  }
}
