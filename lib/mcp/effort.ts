/**
 * The work that one request may cause: whoever sends it chooses the texts, and how many there are. One
 * unit is about a nanosecond.
 */
export class Effort {
  constructor(private left: number) {}

  /** Takes units, and returns whether there were as many. */
  spend(units: number): boolean {
    this.left -= units;
    return this.left >= 0;
  }
}
