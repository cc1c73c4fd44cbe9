import { isDeepStrictEqual } from 'node:util';
import { LRUCache } from 'lru-cache';
import { InFlight } from '../cache/in-flight.js';
import {
  AuthorizationServerError,
  AuthorizationServerUnavailableError,
} from '../errors/authorization-server.error.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { messageOf } from '../errors/to-error.js';
import { Pauses, SHORT_PAUSES } from './pauses.js';
import { SlidingWindow } from './sliding-window.js';
import { withinTime } from './within-time.js';

/**
 * The limit for lookups of new names: those that found nothing within the last 30 seconds, plus those in
 * progress.
 */
const MAX_MISSES = 100;
const WINDOW = 30_000;
/**
 * The number of failures in a row that counts as an outage. Fewer failures may be caused by particular names,
 * while the function works for all others.
 */
const OUTAGE_FROM = 5;

export interface ResolutionsOptions<Subject, Answer extends object, Value extends object> {
  /** The name of the function in messages. */
  readonly what: string;
  /** The lookup function of the application. It may return or throw anything, or never settle. */
  readonly ask: (subject: Subject) => unknown;
  /** Validates a result. Returns `undefined` if the application does not know the subject. */
  readonly check: (answer: unknown, subject: Subject) => Answer | undefined;
  /** Creates the cached value. Not called again as long as each lookup of a cached name gets the same result. */
  readonly make: (answer: Answer, subject: Subject) => Value;
  /** The greatest number of cached values, and also of cached names without result. */
  readonly max: number;
  /** The number of milliseconds for which a result is cached. */
  readonly ttl: number;
  /** The number of milliseconds that a lookup may take. */
  readonly timeout: number;
  /**
   * A function that is called with each `AuthorizationServerError`: of a lookup, or because no lookup was
   * allowed to start. It is not called with a `McpAuthConfigurationError`: an invalid result, or anything else
   * that the lookup function threw.
   */
  readonly onUnavailable: (error: Error) => void;
}

interface Found<Answer, Value> {
  readonly answer: Answer;
  readonly value: Value;
  readonly until: number;
}

/**
 * A cache of the results of a lookup function of the application. The names to look up come from untrusted
 * clients. Concurrent lookups of one name share one call. Both results, found and not found, are cached for a
 * limited time and in limited number. Names without result never displace names that were found. Lookups of
 * new names are limited: those that find nothing, and those in progress, count towards the limit. A cached
 * name that was found is looked up again when its result is too old, whatever this limit says.
 *
 * A lookup fails if the function throws, gives no result in time, or returns an invalid result. After five
 * failures in a row, new names are looked up only after pauses of 1, 2, 4, 4, … seconds. From the second
 * pause on, a random part is subtracted. The pauses end with the first result, of any name.
 */
export class Resolutions<Subject, Answer extends object, Value extends object> {
  private readonly found: LRUCache<string, Found<Answer, Value>>;
  private readonly notFound: LRUCache<string, { readonly until: number }>;
  private readonly inFlight = new InFlight<string, Value | undefined>();
  private readonly misses = new SlidingWindow(MAX_MISSES, WINDOW);
  private readonly retries = new Pauses(SHORT_PAUSES);
  private failuresInRow = 0;
  private inProgress = 0;

  constructor(private readonly options: ResolutionsOptions<Subject, Answer, Value>) {
    this.found = new LRUCache({ max: options.max });
    this.notFound = new LRUCache({ max: options.max });
  }

  /**
   * Returns the value for a key, from the cache or by a lookup. Returns `undefined` if the application
   * does not know the key.
   *
   * @throws AuthorizationServerUnavailableError if there is no result now: the lookup took too long, a pause
   * after five or more failures is not over, or too many lookups of new names found nothing or are in progress
   * @throws AuthorizationServerError if the function throws an error of this type
   * @throws McpAuthConfigurationError if the function throws anything else, or its result is not valid
   */
  get(key: string, subject: Subject): Value | undefined | Promise<Value | undefined> {
    const found = this.found.get(key);
    if (found !== undefined && isFresh(found)) {
      return found.value;
    }
    const notFound = this.notFound.get(key);
    if (notFound !== undefined && isFresh(notFound)) {
      return undefined;
    }
    return this.inFlight.run(key, () => this.resolve(key, subject, found));
  }

  /** Returns `true` if `get` would return this value from the cache. */
  isCurrent(key: string, value: Value): boolean {
    const found = this.found.get(key);
    return found?.value === value && isFresh(found);
  }

  private async resolve(
    key: string,
    subject: Subject,
    earlier: Found<Answer, Value> | undefined,
  ): Promise<Value | undefined> {
    try {
      const answer = await (earlier ? this.ask(subject) : this.askAboutNew(subject));
      return this.cache(key, subject, answer, earlier);
    } catch (error) {
      if (error instanceof AuthorizationServerError) {
        this.options.onUnavailable(error);
      }
      throw error;
    }
  }

  private async askAboutNew(subject: Subject): Promise<Answer | undefined> {
    this.assertMayAsk();
    this.inProgress++;
    try {
      const answer = await this.ask(subject);
      if (answer === undefined) {
        this.misses.add();
      }
      return answer;
    } finally {
      this.inProgress--;
    }
  }

  private assertMayAsk(): void {
    const { what } = this.options;
    const pause = this.retries.left();
    const wait = this.misses.wait(this.inProgress);
    if (pause > 0 || wait > 0) {
      throw new AuthorizationServerUnavailableError(
        pause > 0
          ? `${what} failed ${this.failuresInRow} times in a row; new names are not looked up for ${Math.ceil(pause)} ms.`
          : `${what} found nothing, or gave no answer yet, for ${MAX_MISSES} names within 30 seconds; new names are not looked up for now.`,
        Math.ceil(Math.max(pause, wait) / 1000),
      );
    }
  }

  private async ask(subject: Subject): Promise<Answer | undefined> {
    try {
      const answer = await this.askInTime(subject);
      this.failuresInRow = 0;
      this.retries.reset();
      return answer;
    } catch (error) {
      if (++this.failuresInRow >= OUTAGE_FROM) {
        this.retries.fail();
      }
      throw error;
    }
  }

  private async askInTime(subject: Subject): Promise<Answer | undefined> {
    const { what, ask, check, timeout } = this.options;
    const late = () =>
      new AuthorizationServerUnavailableError(`${what} gave no answer within ${timeout} ms.`);
    try {
      return check(await withinTime(Promise.resolve(subject).then(ask), timeout, late), subject);
    } catch (error) {
      throw error instanceof AuthorizationServerError || error instanceof McpAuthConfigurationError
        ? error
        : new McpAuthConfigurationError(`${what} threw: ${messageOf(error)}`, { cause: error });
    }
  }

  private cache(
    key: string,
    subject: Subject,
    answer: Answer | undefined,
    earlier: Found<Answer, Value> | undefined,
  ): Value | undefined {
    const until = performance.now() + this.options.ttl;
    if (answer === undefined) {
      this.found.delete(key);
      this.notFound.set(key, { until });
      return undefined;
    }
    this.notFound.delete(key);
    const value =
      earlier && isDeepStrictEqual(earlier.answer, answer)
        ? earlier.value
        : this.options.make(answer, subject);
    this.found.set(key, { answer, value, until });
    return value;
  }
}

function isFresh({ until }: { readonly until: number }): boolean {
  return performance.now() < until;
}
