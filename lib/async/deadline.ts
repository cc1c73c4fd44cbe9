/**
 * The end of what may take so long and no longer, or until nobody waits any more. It must be cleared:
 * `AbortSignal.any` leaves a trace on each signal that outlives the others, for ever on Node 20, and the
 * timer of `AbortSignal.timeout` runs on after what it was for.
 */
export class Deadline {
  /** Whether the time is over; `false` where only nobody waits any more. */
  isOver = false;
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;

  /**
   * @param milliseconds - does not keep the process alive
   * @param closing - aborted where nobody waits any more
   */
  constructor(
    milliseconds: number,
    private readonly closing?: AbortSignal,
  ) {
    this.timer = setTimeout(this.end, milliseconds).unref();
    closing?.addEventListener('abort', this.giveUp);
    if (closing?.aborted === true) {
      this.giveUp();
    }
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  clear(): void {
    clearTimeout(this.timer);
    this.closing?.removeEventListener('abort', this.giveUp);
  }

  private readonly end = (): void => {
    this.isOver = true;
    this.controller.abort(new DOMException('The time is over.', 'TimeoutError'));
  };

  private readonly giveUp = (): void => {
    this.controller.abort(this.closing?.reason);
  };
}
