/** Clients keep what they cannot send yet, without end; this is as much as they are given to keep. */
const MAX_UNANSWERED = 10_000;

/** Waits for answers: for each no longer than it may take, and never for too many. */
export class Waiting {
  private unanswered = 0;

  constructor(private readonly milliseconds: number) {}

  /** @throws Error if there is no answer in time, or too many are missing already */
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

/** A client may also throw at once. */
async function settled<T>(ask: () => Promise<T>): Promise<T> {
  return ask();
}
