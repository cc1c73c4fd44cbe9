/**
 * The greatest number of unanswered commands. A client queues the commands that it cannot send yet, and its
 * queue has no limit.
 */
const MAX_UNANSWERED = 10_000;

/** A limit on the time and the number of unanswered commands. */
export class Waiting {
  private unanswered = 0;

  constructor(private readonly milliseconds: number) {}

  /** @throws Error if there is no reply in time, or there are too many unanswered commands already */
  async for<T>(ask: () => Promise<T>): Promise<T> {
    if (this.unanswered >= MAX_UNANSWERED) {
      throw new Error(`Redis has left ${this.unanswered} commands unanswered.`);
    }
    this.unanswered += 1;
    const answer = settled(ask).finally(() => (this.unanswered -= 1));
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`Redis did not answer within ${this.milliseconds} ms.`));
      }, this.milliseconds);
    });
    try {
      return await Promise.race([answer, tooLate]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Turns an error that the client throws synchronously into a rejection. */
async function settled<T>(ask: () => Promise<T>): Promise<T> {
  return ask();
}
