/** As many are looked into within the window, and no more. */
const MOST = 100;
const WINDOW = 30_000;

/**
 * Keeps account of what was asked about, by strangers most likely, and came to nothing: no more than 100
 * times in any 30 seconds, those under way included. What proves to be known does not count.
 */
export class Strangers {
  private turnedAway: number[] = [];
  private underWay = 0;

  /** Lets one more be looked into; answers in how many milliseconds to come again, where it does not. */
  enter(): number | undefined {
    const now = performance.now();
    this.turnedAway = this.turnedAway.filter((at) => now - at < WINDOW);
    if (this.turnedAway.length + this.underWay < MOST) {
      this.underWay++;
      return undefined;
    }
    const [oldest = now - WINDOW] = this.turnedAway;
    return WINDOW - (now - oldest);
  }

  leave(isKnown: boolean): void {
    this.underWay--;
    if (!isKnown) {
      this.turnedAway.push(performance.now());
    }
  }
}
