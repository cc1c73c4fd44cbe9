/**
 * A time limit whose `signal` is aborted after a time, or when another signal is aborted. Call `clear` when
 * the signal is no longer needed. This class replaces `AbortSignal.any`, which leaks memory if the other
 * signal lives longer. On Node 20 that memory is never released. It also replaces `AbortSignal.timeout`,
 * whose timer cannot be stopped.
 */
export class Deadline {
  /** `true` once the time is over. An abort of the other signal does not set it. */
  isOver = false;
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;

  /**
   * @param milliseconds - the time; its timer does not keep the process alive
   * @param closing - the other signal, which is aborted when the result is no longer needed
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
