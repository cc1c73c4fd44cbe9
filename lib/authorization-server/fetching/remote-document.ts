import { InFlight } from '../../cache/in-flight.js';
import { Pauses, SHORT_PAUSES, type PauseBounds } from '../../async/pauses.js';
import { SlidingWindow } from '../../async/sliding-window.js';
import { AuthorizationServerUnavailableError } from '../../errors/authorization-server.error.js';

/** From this part of its lifetime on a newer one is fetched in the background, so that no request waits. */
const REFRESH_FROM = 0.75;
/** A failure so long ago means that nobody asked meanwhile: what is known of the outage is old. */
const OUTAGE_NEWS = 60_000;
/** Milliseconds between fetches for the sake of another document. */
const RENEWAL_INTERVAL = 1000;
/** While the cached document is used on, and nobody waits for a newer one. */
const BACKGROUND_PAUSES: PauseBounds = { first: 5000, longest: 5 * 60_000 };

/** A document, and for how many milliseconds it is used without asking for a newer one. */
export interface Fetched<T> {
  value: T;
  lifetime: number;
}

interface Cached<T> {
  value: T;
  /** From when on a newer one is due, and until when this one is used; by the process's own clock. */
  refreshFrom: number;
  until: number;
}

export interface RemoteDocumentOptions<T> {
  /** For how many milliseconds beyond its lifetime a document is used while no newer one can be had. */
  staleIfError: number;
  /** Told of every fetch that failed, whether or not anybody waited for it. */
  onFailure: (error: unknown) => void;
  /** Tells whether the document is still the one to use; one that is not is used only until another is here. */
  isCurrent?: (value: T) => boolean;
}

/**
 * A document on another server, cached: one fetch at a time for all who wait, a lifetime, renewal before
 * that ends, and use beyond it while the other server is down. Only a good document replaces it.
 *
 * It has no timer: an attempt starts with a call. After a failure the next one starts 1, 2, 4, 4, … seconds
 * later at the earliest, and calls in between fail at once, or get the older document.
 */
export class RemoteDocument<T> {
  /** Fetches for the sake of unknown key ids end when this is used up; other fetches count, too. */
  private readonly allowance = new SlidingWindow(3, 30_000);
  private readonly retries = new Pauses(SHORT_PAUSES);
  private readonly background = new Pauses(BACKGROUND_PAUSES);
  private cached: Cached<T> | undefined;
  private readonly inFlight = new InFlight<'attempt', T>();
  private startedAt = -Infinity;
  private failedAt = -Infinity;
  private failure: unknown;

  /** @param fetch - given the cached document, which it returns where nothing has changed */
  constructor(
    private readonly fetch: (cached: T | undefined) => Promise<Fetched<T>>,
    private readonly options: RemoteDocumentOptions<T>,
  ) {}

  /** Returns the document, fetched if it is not here or too old. Rejects only when there is none to use. */
  async get(): Promise<T> {
    return this.current() ?? this.start().catch((error: unknown) => this.fallbackFor(error));
  }

  /**
   * Returns the document, where `get` would not have to wait for it. Like `get`, it has a newer one fetched
   * in the background when that is due.
   */
  current(): T | undefined {
    const { cached } = this;
    if (cached === undefined) {
      return undefined;
    }
    const now = performance.now();
    const isFresh = now <= cached.until && this.isCurrent(cached.value);
    if (!isFresh && !this.isUsedOn(cached, now)) {
      return undefined;
    }
    if (!isFresh || now > cached.refreshFrom) {
      this.renewInBackground(now);
    }
    return cached.value;
  }

  /** Whether the last attempt failed, not long ago. */
  get isDown(): boolean {
    const since = Math.max(this.failedAt, this.background.until);
    return this.retries.isFailing && performance.now() < since + OUTAGE_NEWS;
  }

  /** Returns the cached document, if it may be used where no newer one can be had. */
  fallback(): T | undefined {
    const { cached } = this;
    const now = performance.now();
    const isUsable = cached !== undefined && (now <= cached.until || this.isUsedOn(cached, now));
    return isUsable ? cached.value : undefined;
  }

  /**
   * Returns the document as it is now: fetched, or, when the allowance is used up, as it was lately.
   * Rejects if it cannot be had, although an older one may be cached.
   *
   * A fetch in flight may have been answered before what the caller asks about came to be: it is not
   * joined, but the next one is.
   */
  async refresh(allowance = this.allowance): Promise<T> {
    if (this.cached !== undefined && this.isUsedUp(allowance)) {
      return this.cached.value;
    }
    await this.inFlight.get('attempt')?.catch(() => undefined);
    return this.start(allowance);
  }

  /** Returns the document, fetched unless that started within the last second. Does not ask the allowance. */
  async renew(): Promise<T> {
    const isNew = performance.now() - this.startedAt < RENEWAL_INTERVAL;
    const { cached } = this;
    return isNew && this.inFlight.get('attempt') === undefined && cached
      ? cached.value
      : this.start();
  }

  private isCurrent(value: T): boolean {
    return this.options.isCurrent?.(value) ?? true;
  }

  /** While the other server is down, one request has waited without result: the next ones need not. */
  private isUsedOn({ until }: Cached<T>, now: number): boolean {
    return now <= until + this.options.staleIfError && this.isDown;
  }

  /** The fetch must not hold in memory what does not wait for it. */
  private renewInBackground(now: number): void {
    if (
      this.inFlight.get('attempt') === undefined &&
      this.background.left(now) + this.retries.left(now) === 0
    ) {
      this.start().catch(() => {
        this.background.fail();
      });
    }
  }

  /** One fetch at a time, for all who ask meanwhile. */
  private start(allowance?: SlidingWindow): Promise<T> {
    const inFlight = this.inFlight.get('attempt');
    if (inFlight !== undefined) {
      return inFlight;
    }
    const pause = this.retries.left();
    if (pause > 0) {
      return Promise.reject(this.unavailable(pause));
    }
    if (this.cached !== undefined && this.isUsedUp(allowance)) {
      return Promise.resolve(this.cached.value);
    }
    return this.inFlight.run('attempt', () => this.attempt(allowance ?? this.allowance));
  }

  /** During an outage the pauses limit the attempts, so that what clients sent before it delays nothing. */
  private isUsedUp(allowance: SlidingWindow | undefined): boolean {
    return allowance !== undefined && !this.retries.isFailing && allowance.wait() > 0;
  }

  private async attempt(allowance: SlidingWindow): Promise<T> {
    this.startedAt = performance.now();
    try {
      const { value, lifetime } = await this.fetch(this.withinGrace());
      const now = performance.now();
      this.cached = { value, refreshFrom: now + REFRESH_FROM * lifetime, until: now + lifetime };
      this.retries.reset();
      this.background.reset();
      // What failed cost the server little, and must not delay what comes after the outage.
      allowance.add();
      return value;
    } catch (error) {
      this.failure = error;
      this.failedAt = performance.now();
      this.retries.fail();
      this.options.onFailure(error);
      throw error;
    }
  }

  private withinGrace(): T | undefined {
    const { cached } = this;
    const isWithin = cached && performance.now() <= cached.until + this.options.staleIfError;
    return isWithin ? cached.value : undefined;
  }

  private fallbackFor(error: unknown): T {
    const fallback = this.fallback();
    if (fallback === undefined) {
      throw error;
    }
    return fallback;
  }

  private unavailable(pause: number): AuthorizationServerUnavailableError {
    const { failure: cause } = this;
    const message = cause instanceof Error ? cause.message : 'The last attempt failed.';
    return new AuthorizationServerUnavailableError(message, Math.ceil(pause / 1000), { cause });
  }
}
