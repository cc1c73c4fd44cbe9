/** A recent MCP session, and the user who opened it. */
export interface Session {
  id: string;
  user: string;
}

const USED = 200;
/** The milliseconds after its last use in which a request that names a session can still be in flight. */
const REST = 30_000;

export class Sessions {
  private readonly used: Session[] = [];
  private readonly resting: (Session & { since: number })[] = [];

  add(session: Session): void {
    this.used.push(session);
    if (this.used.length > USED) {
      this.resting.push(...this.used.splice(0, 1).map((old) => ({ ...old, since: Date.now() })));
    }
  }

  /** Returns a session that is in use. */
  any(): Session | undefined {
    return this.used[Math.floor(Math.random() * this.used.length)];
  }

  /** Removes a session that no request uses any more, and returns it. */
  takeOld(): Session | undefined {
    const [first] = this.resting;
    return first && Date.now() - first.since > REST ? this.resting.shift() : undefined;
  }
}
