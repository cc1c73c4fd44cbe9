/** The shortest time in milliseconds between two sweeps, so that a full map is not swept for each new key. */
const SWEEP_INTERVAL = 1000;
const FIRST_SWEEP = 1000;

interface Entry<V> {
  readonly value: V;
  /** The time by the monotonic clock, because the wall clock may be set back. */
  readonly expiresAt: number;
}

/** A map whose entries expire. It never drops an entry that has not expired, and needs no timer. */
export class ExpiringMap<V> {
  private readonly entries = new Map<string, Entry<V>>();
  /**
   * The size from which the map is swept: twice the size after the last sweep, but at least `FIRST_SWEEP`, so
   * that sweeps are rare.
   */
  private sweepFrom = FIRST_SWEEP;
  private sweptAt = -Infinity;

  constructor(private readonly max: number) {}

  get(key: string): V | undefined {
    const entry = this.entries.get(key);
    return entry !== undefined && performance.now() < entry.expiresAt ? entry.value : undefined;
  }

  /** @throws Error if the map is full */
  set(key: string, value: V, seconds: number): void {
    const now = performance.now();
    if (!this.entries.has(key)) {
      this.makeRoom(now);
    }
    this.entries.set(key, { value, expiresAt: now + seconds * 1000 });
  }

  private makeRoom(now: number): void {
    if (this.entries.size >= Math.min(this.sweepFrom, this.max) && this.maySweep(now)) {
      this.sweep(now);
    }
    if (this.entries.size >= this.max) {
      throw new Error(`There is no room for more than ${this.max} keys in memory.`);
    }
  }

  private maySweep(now: number): boolean {
    return now - this.sweptAt >= SWEEP_INTERVAL;
  }

  private sweep(now: number): void {
    this.sweptAt = now;
    for (const [key, { expiresAt }] of this.entries) {
      if (expiresAt <= now) {
        this.entries.delete(key);
      }
    }
    this.sweepFrom = Math.max(FIRST_SWEEP, 2 * this.entries.size);
  }
}
