const FETCHES = 3;
const WINDOW = 30_000;

/** At most three fetches in any 30 seconds, whatever strangers send. */
export class FetchAllowance {
  private taken: number[] = [];

  /** Takes a fetch; answers in how many milliseconds there will be one, where there is none left. */
  take(): number | undefined {
    const now = performance.now();
    this.taken = this.taken.filter((at) => now - at < WINDOW);
    if (this.taken.length < FETCHES) {
      this.taken.push(now);
      return undefined;
    }
    return WINDOW - (now - Math.min(...this.taken));
  }
}
