import { AuthorizationServerUnavailableError } from '../errors/authorization-server.error.js';
import { backoff } from './backoff.js';
import { FetchAllowance } from './fetch-allowance.js';

/** From this part of its lifetime on a newer one is fetched in the background, so that no request waits. */
const REFRESH_FROM = 0.75;
/** A retry so long overdue means that nobody asked meanwhile: what is known of the outage is old. */
const OUTAGE_NEWS = 60_000;

/** A document, and for how many milliseconds it is used without asking for a newer one. */
export interface Fetched<T> {
  value: T;
  lifetime: number;
}

interface Kept<T> {
  value: T;
  /** From when on a newer one is due, and until when this one is used; by the process's own clock. */
  refreshFrom: number;
  until: number;
}

export interface RemoteDocumentOptions {
  /** For how many milliseconds beyond its lifetime a document is used while no newer one can be had. */
  staleIfError: number;
  /** Told of every fetch that failed, whether or not anybody waited for it. */
  onFailure: (error: unknown) => void;
}

/**
 * A document on another server, kept here: one fetch at a time however many wait for it, a lifetime,
 * renewal before it ends, and use beyond it while the other server is down. It does nothing unless
 * asked, and so needs no timer.
 */
export class RemoteDocument<T> {
  private readonly allowance = new FetchAllowance();
  private kept: Kept<T> | undefined;
  private flight: Promise<T> | undefined;
  private next: Promise<T> | undefined;
  private failure: unknown;
  /** In a row. */
  private failures = 0;
  private retryAt = -Infinity;

  /** @param fetch - given the document that is kept, to be answered where nothing has changed */
  constructor(
    private readonly fetch: (kept: T | undefined) => Promise<Fetched<T>>,
    private readonly options: RemoteDocumentOptions,
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
    const now = performance.now();
    const usable = this.usable(now);
    if (usable !== undefined && now > usable.refreshFrom && now >= this.retryAt) {
      this.renew();
    }
    return usable?.value;
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

  /** While the other server is down, one request has waited in vain: the next ones need not. */
  private usable(now: number): Kept<T> | undefined {
    const isDown = now < this.retryAt + OUTAGE_NEWS;
    const grace = isDown ? this.options.staleIfError : 0;
    return this.kept !== undefined && now <= this.kept.until + grace ? this.kept : undefined;
  }

  /** Who does not wait for a fetch is not to be kept in memory until it ends. */
  private renew(): void {
    if (this.flight === undefined) {
      this.join().catch(() => undefined);
    }
  }

  /** One fetch at a time, for all who ask meanwhile. */
  private join(): Promise<T> {
    this.flight ??= this.fetchWithinLimit().finally(() => {
      this.flight = undefined;
    });
    return this.flight;
  }

  private async fetchWithinLimit(): Promise<T> {
    const wait = this.allowance.take();
    if (wait !== undefined) {
      return this.lastOutcome(wait);
    }
    try {
      const { value, lifetime } = await this.fetch(this.kept?.value);
      const now = performance.now();
      this.kept = { value, refreshFrom: now + REFRESH_FROM * lifetime, until: now + lifetime };
      this.failures = 0;
      this.retryAt = -Infinity;
      return value;
    } catch (error) {
      this.failure = error;
      this.failures++;
      this.retryAt = performance.now() + backoff(this.failures);
      this.options.onFailure(error);
      throw error;
    }
  }

  private stale(error: unknown): T {
    const usable = this.usable(performance.now());
    if (usable === undefined) {
      throw error;
    }
    return usable.value;
  }

  private lastOutcome(wait: number): T {
    if (this.failures === 0 && this.kept !== undefined) {
      return this.kept.value;
    }
    const message = this.failure instanceof Error ? this.failure.message : 'No document yet.';
    throw new AuthorizationServerUnavailableError(message, Math.ceil(wait / 1000), {
      cause: this.failure,
    });
  }
}
