interface Started<V> {
  readonly promise: Promise<V>;
  readonly since: number;
}

/** The promises that have not settled yet, by key. Requests that join later share the started promise. */
export class InFlight<K, V> {
  private readonly started = new Map<K, Started<V>>();

  get(key: K): Promise<V> | undefined {
    return this.started.get(key)?.promise;
  }

  /** Returns the time, by the monotonic clock, at which the promise of a key was started. */
  since(key: K): number | undefined {
    return this.started.get(key)?.since;
  }

  /** Returns the promise of a key. Starts an operation if the key has no promise. */
  run(key: K, start: () => Promise<V>): Promise<V> {
    const inFlight = this.get(key);
    if (inFlight !== undefined) {
      return inFlight;
    }
    const since = performance.now();
    const promise = start().finally(() => this.started.delete(key));
    this.started.set(key, { promise, since });
    return promise;
  }
}
