import { AuthorizationServerUnavailableError } from '../errors/authorization-server.error.js';

const MINUTE = 60_000;

/** How long a document is used without asking for a newer one, in milliseconds. */
const LIFETIME = 10 * MINUTE;
/** From this age on a newer one is fetched in the background, so that no request waits for it. */
const REFRESH_AGE = 0.75 * LIFETIME;
/** How long a document is used while no newer one can be had. */
const STALE_LIFETIME = 24 * 60 * MINUTE;
/** At most so many fetches in any {@link WINDOW}, whatever strangers send. */
const FETCHES = 3;
const WINDOW = 30_000;

/**
 * A document on another server, kept here: one fetch at a time however many wait for it, a lifetime,
 * renewal before it ends, and use beyond it while the other server is down.
 */
export class RemoteDocument<T> {
  private value: T | undefined;
  private fetchedAt = -Infinity;
  private flight: Promise<T> | undefined;
  private next: Promise<T> | undefined;
  private fetches: number[] = [];
  private failure: unknown;

  /**
   * @param fetch - given the document that is kept, to be answered where nothing has changed
   * @param onFailure - told of every fetch that failed, whether or not anybody waited for it
   */
  constructor(
    private readonly fetch: (kept: T | undefined) => Promise<T>,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** The document, fetched if it is not here or too old. Rejects only when there is none to use. */
  async get(): Promise<T> {
    return this.current() ?? this.join().catch((error: unknown) => this.stale(error));
  }

  /**
   * The document, where `get` would not have to wait for it. Like `get`, it has a newer one fetched in
   * the background when that is due.
   */
  current(): T | undefined {
    const age = performance.now() - this.fetchedAt;
    // While the other server is down, one request has waited in vain: the next ones need not.
    if (age > (this.failure === undefined ? LIFETIME : STALE_LIFETIME)) {
      return undefined;
    }
    if (age > REFRESH_AGE) {
      this.join().catch(() => undefined);
    }
    return this.value;
  }

  /**
   * The document as it is now: fetched, or, when it has just been fetched too often, as it was then.
   * Rejects if it cannot be had, although an older one may be kept.
   *
   * A fetch under way may have been answered before what the caller asks about came to be: it is not
   * joined, but the next one is.
   */
  async refresh(): Promise<T> {
    if (this.flight !== undefined) {
      this.next ??= this.flight
        .catch(() => undefined)
        .then(() => {
          this.next = undefined;
          return this.join();
        });
      return this.next;
    }
    return this.join();
  }

  /** One fetch at a time, for all who ask meanwhile. */
  private join(): Promise<T> {
    this.flight ??= this.fetchWithinLimit().finally(() => {
      this.flight = undefined;
    });
    return this.flight;
  }

  private async fetchWithinLimit(): Promise<T> {
    const now = performance.now();
    this.fetches = this.fetches.filter((at) => now - at < WINDOW);
    if (this.fetches.length >= FETCHES) {
      return this.lastOutcome(WINDOW - (now - (this.fetches[0] ?? now)));
    }
    this.fetches.push(now);
    try {
      this.value = await this.fetch(this.value);
      this.fetchedAt = performance.now();
      this.failure = undefined;
      return this.value;
    } catch (error) {
      this.failure = error;
      this.onFailure(error);
      throw error;
    }
  }

  private stale(error: unknown): T {
    if (this.value === undefined || performance.now() - this.fetchedAt > STALE_LIFETIME) {
      throw error;
    }
    return this.value;
  }

  private lastOutcome(wait: number): T {
    if (this.failure === undefined && this.value !== undefined) {
      return this.value;
    }
    const message = this.failure instanceof Error ? this.failure.message : 'No document yet.';
    throw new AuthorizationServerUnavailableError(message, Math.ceil(wait / 1000), {
      cause: this.failure,
    });
  }
}
