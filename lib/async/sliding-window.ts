/** Limits how often something happens: so many times in any window of so many milliseconds. */
export class SlidingWindow {
  private times: number[] = [];

  constructor(
    private readonly most: number,
    private readonly milliseconds: number,
  ) {}

  /**
   * Returns in how many milliseconds there is room for one more, or 0.
   *
   * @param underWay - how many are in progress, which may come to count
   */
  wait(underWay = 0): number {
    const now = performance.now();
    this.times = this.times.filter((at) => now - at < this.milliseconds);
    if (this.times.length + underWay < this.most) {
      return 0;
    }
    const [oldest = now] = this.times;
    return this.milliseconds - (now - oldest);
  }

  add(): void {
    this.times.push(performance.now());
  }
}
