/** A limit on how often something happens: at most `most` times in any window of `milliseconds`. */
export class SlidingWindow {
  private times: number[] = [];

  constructor(
    private readonly most: number,
    private readonly milliseconds: number,
  ) {}

  /**
   * Returns the number of milliseconds after which to ask again, or 0 if one more operation is allowed now.
   *
   * @param inProgress - the number of operations in progress. They count, because `add()` may still be called for
   * each of them.
   */
  wait(inProgress = 0): number {
    const now = performance.now();
    this.times = this.times.filter((at) => now - at < this.milliseconds);
    if (this.times.length + inProgress < this.most) {
      return 0;
    }
    const [oldest = now] = this.times;
    return this.milliseconds - (now - oldest);
  }

  add(): void {
    this.times.push(performance.now());
  }
}
