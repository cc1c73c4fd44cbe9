/**
 * A limit of the work that one request may cause. It is needed because the sender of the request chooses the
 * texts and their number. One unit is about a nanosecond.
 */
export class Effort {
  constructor(private left: number) {}

  /** `true` if more units were spent than the request had. */
  get isExhausted(): boolean {
    return this.left < 0;
  }

  /** Spends units. Returns `true` if there were enough. */
  spend(units: number): boolean {
    this.left -= units;
    return this.left >= 0;
  }
}
