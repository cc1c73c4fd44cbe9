/** The kinds of failures, each with its number of occurrences. */
export class Violations {
  private readonly found = new Map<string, number>();

  add(where: string, rule: string, what: string): void {
    const text = `${where}: ${rule}: ${what}`;
    this.found.set(text, (this.found.get(text) ?? 0) + 1);
  }

  get count(): number {
    return this.found.size;
  }

  list(): string {
    return [...this.found].map(([text, times]) => `- ${text} (${times} times)`).join('\n');
  }
}
