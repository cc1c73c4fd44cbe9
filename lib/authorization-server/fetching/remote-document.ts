import { InFlight } from '../../cache/in-flight.js';
import { Pauses, SHORT_PAUSES, type PauseBounds } from '../../async/pauses.js';
import { SlidingWindow } from '../../async/sliding-window.js';
import { AuthorizationServerUnavailableError } from '../../errors/authorization-server.error.js';
import { conditionOf, type CachedDocument, type DocumentCondition } from './cached-document.js';

/**
 * The part of the cached document's lifetime after which a newer document is fetched in the background, so that
 * no request waits.
 */
const REFRESH_FROM = 0.75;
/**
 * A failure counts as an outage for this time, in milliseconds. The time starts at the failure or at the end of
 * the background pause, whichever is later. After it the state of the server is unknown: there was no attempt in
 * that time, and the outage may be over.
 */
const OUTAGE_LIFETIME = 60_000;
/**
 * The milliseconds within which `renew` does not fetch again. It is called when another document could not be
 * fetched: if the keys fail, the metadata that names their URL is renewed.
 */
const RENEWAL_INTERVAL = 1000;
/** The pauses while the cached document stays in use, and no request waits for a newer document. */
const BACKGROUND_PAUSES: PauseBounds = { first: 5000, longest: 5 * 60_000 };

/** A document, and its lifetime: the milliseconds for which it may be used if no fetch replaces it. */
export interface Fetched<T> {
  value: T;
  lifetime: number;
}

export interface RemoteDocumentOptions<T> {
  /** The milliseconds beyond its lifetime for which a document is used if no newer document can be fetched. */
  staleIfError: number;
  /** A function that is called after every fetch that succeeded, with the milliseconds that it took. */
  onSuccess?: (duration: number) => void;
  /**
   * A function that is called with the error of every failed fetch, whether a request waited for it or not, and
   * with the milliseconds that it took.
   */
  onFailure: (error: unknown, duration: number) => void;
  /**
   * Returns whether the document still comes from the right place, for example whether the metadata still
   * names the URL of the keys. If not, the document is used only as long as no other document can be fetched.
   */
  isCurrent?: (value: T) => boolean;
}

/**
 * Caches a document of another server. All requests share one fetch at a time. The document has a lifetime,
 * and is renewed before its lifetime ends. While the other server is down, the document is used beyond its
 * lifetime. A failed fetch never replaces the document.
 *
 * It has no timer: an attempt starts with a call. After a failure there is a pause of 1, 2, 4, 4, … seconds.
 * From the second pause on, a random part is subtracted. Calls during the pause fail at once, or get the
 * older document.
 */
export class RemoteDocument<T> {
  /**
   * The default limit of fetches by `refresh`. Successful fetches by `get` and `renew` also count towards this
   * limit. A `refresh` that is given another allowance counts only towards that allowance.
   */
  private readonly allowance = new SlidingWindow(3, 30_000);
  private readonly retries = new Pauses(SHORT_PAUSES);
  private readonly background = new Pauses(BACKGROUND_PAUSES);
  private cached: CachedDocument<T> | undefined;
  private readonly inFlight = new InFlight<'attempt', T>();
  private startedAt = -Infinity;
  private failedAt = -Infinity;
  private failure: unknown;

  /**
   * @param fetch - fetches the document. It receives the cached document, unless that document is older than its
   * lifetime plus `staleIfError`. It may return the cached document if nothing has changed
   */
  constructor(
    private readonly fetch: (cached: T | undefined) => Promise<Fetched<T>>,
    private readonly options: RemoteDocumentOptions<T>,
  ) {}

  /**
   * Returns the document. Fetches it if `current` returns none. Rejects only if there is no document to use.
   */
  async get(): Promise<T> {
    return this.current() ?? this.start().catch((error: unknown) => this.fallbackFor(error));
  }

  /**
   * Returns the document if `get` would not wait for it. Like `get`, this method starts a fetch in the background
   * when it is time for a newer document.
   */
  current(): T | undefined {
    const { cached } = this;
    if (cached === undefined) {
      return undefined;
    }
    const now = performance.now();
    const isFresh = now <= cached.until && this.isCurrent(cached.value);
    if (!isFresh && !this.mayBeUsedStale(cached, now)) {
      return undefined;
    }
    if (!isFresh || now > cached.refreshFrom) {
      this.renewInBackground(now);
    }
    return cached.value;
  }

  /** `true` if the last attempt failed, and the failure is recent enough to count as an outage. */
  get isDown(): boolean {
    const since = Math.max(this.failedAt, this.background.until);
    return this.retries.isFailing && performance.now() < since + OUTAGE_LIFETIME;
  }

  /** The condition of the document, for a health check. Reading it starts no fetch. */
  get condition(): DocumentCondition {
    return conditionOf(this.cached, this.options.staleIfError, this.retries.isFailing);
  }

  /** Returns the cached document, if it may be used when no newer document can be fetched. */
  fallback(): T | undefined {
    const { cached } = this;
    const now = performance.now();
    const isUsable =
      cached !== undefined && (now <= cached.until || this.mayBeUsedStale(cached, now));
    return isUsable ? cached.value : undefined;
  }

  /**
   * Fetches the document and returns it, or returns the cached document if the allowance is used up. Rejects if
   * the fetch fails, even if an older document is cached.
   *
   * It does not join a fetch in flight, because the answer of that fetch may be older than what the caller
   * looks for, such as a new key. It waits for that fetch to end, and then starts or joins the next fetch.
   */
  async refresh(allowance = this.allowance): Promise<T> {
    if (this.cached !== undefined && this.isUsedUp(allowance)) {
      return this.cached.value;
    }
    await this.inFlight.get('attempt')?.catch(() => undefined);
    return this.start(allowance);
  }

  /**
   * Fetches the document and returns it. Returns the cached document if a fetch started within the last second
   * and has ended. The allowance does not limit this method, but the pauses after a failure do.
   */
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

  /**
   * Returns whether a document that is past its lifetime, or not current, may be used: only while the other
   * server is down, and for at most `staleIfError` after its lifetime. A request has already waited for that
   * server without result, so later requests need not wait.
   */
  private mayBeUsedStale({ until }: CachedDocument<T>, now: number): boolean {
    return now <= until + this.options.staleIfError && this.isDown;
  }

  /**
   * Starts a fetch that no request waits for. The fetch can outlive the current request, so the function `fetch`
   * must not keep a reference to the request.
   */
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

  /**
   * Starts a fetch, or joins the fetch in flight. Rejects during a pause. Returns the cached document if the
   * allowance is used up.
   */
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

  /**
   * Returns whether the allowance is used up. During an outage only the pauses limit the attempts. If the
   * allowance also limited them, earlier fetches could delay the next attempt.
   */
  private isUsedUp(allowance: SlidingWindow | undefined): boolean {
    return allowance !== undefined && !this.retries.isFailing && allowance.wait() > 0;
  }

  private async attempt(allowance: SlidingWindow): Promise<T> {
    this.startedAt = performance.now();
    try {
      const { value, lifetime } = await this.fetch(this.cachedToCompare());
      const now = performance.now();
      const refreshFrom = now + REFRESH_FROM * lifetime;
      this.cached = { value, fetchedAt: now, refreshFrom, until: now + lifetime };
      this.retries.reset();
      this.background.reset();
      // Failed fetches do not count: they cost the server little, and must not delay a fetch after the
      // outage.
      allowance.add();
      this.options.onSuccess?.(now - this.startedAt);
      return value;
    } catch (error) {
      this.failure = error;
      this.failedAt = performance.now();
      this.retries.fail();
      this.options.onFailure(error, this.failedAt - this.startedAt);
      throw error;
    }
  }

  /** Returns the cached document, unless it is older than its lifetime plus `staleIfError`. */
  private cachedToCompare(): T | undefined {
    const { cached } = this;
    const isYoung = cached && performance.now() <= cached.until + this.options.staleIfError;
    return isYoung ? cached.value : undefined;
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
