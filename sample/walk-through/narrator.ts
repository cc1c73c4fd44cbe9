/** Prints the walk-through in numbered steps. A step that fails ends the walk-through. */
export class Narrator {
  private count = 0;

  async step(title: string, run: () => string[] | Promise<string[]>): Promise<void> {
    this.count += 1;
    console.log(`\n${this.count}. ${title}`);
    try {
      for (const line of await run()) console.log(`   ${line}`);
    } catch (error) {
      throw new Error(`The walk-through failed at step ${this.count}: ${reasonOf(error)}`, {
        cause: error,
      });
    }
  }
}

/** Checks that a step has really happened as it is told. */
export function expect(condition: unknown, otherwise: string): asserts condition {
  if (!condition) throw new Error(otherwise);
}

/** Returns the message with the message of the cause, because `fetch` says only that it failed. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
