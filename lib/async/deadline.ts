/**
 * A signal that is aborted after a time, or when another signal is aborted. Call `clear` when it is no longer
 * needed. It replaces `AbortSignal.any`, which leaks memory if the other signal lives longer (forever on Node
 * 20). It also replaces `AbortSignal.timeout`, whose timer cannot be stopped.
 */
export class Deadline {
  /** `true` if the time is over, `false` if only the other signal was aborted. */
  isOver = false;
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;

  /**
   * @param milliseconds - the time; its timer does not keep the process alive
   * @param closing - the other signal; aborted if the result is no longer needed
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
