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

/** Lookups that find nothing, in any 30 seconds: names that untrusted clients send. Those in progress count. */
const MOST_UNKNOWN = 100;
const WINDOW = 30_000;
/** Failures in a row before the function is left alone: one name that it cannot take is no outage. */
const TOLERATED = 5;

export interface ResolutionsOptions<Subject, Answer extends object, Value extends object> {
  /** What is asked, for messages about it. */
  readonly what: string;
  /** A function of the application's: what it answers, throws or never answers is not known. */
  readonly ask: (subject: Subject) => unknown;
  /** Makes sure of an answer; nothing where it says that the subject is none of ours. */
  readonly check: (answer: unknown, subject: Subject) => Answer | undefined;
  /** What is kept; made anew only where the answer has changed. */
  readonly make: (answer: Answer, subject: Subject) => Value;
  /** How many are kept, of those that are known, and of those that are not. */
  readonly max: number;
  /** Milliseconds for which an answer is kept. */
  readonly ttl: number;
  /** Milliseconds that an answer may take. */
  readonly timeout: number;
  /** Told why something could not be told. */
  readonly onUnavailable: (error: Error) => void;
}

interface Known<Answer, Value> {
  readonly answer: Answer;
  readonly value: Value;
  readonly until: number;
}

/**
 * What the application says of names that strangers send: asked once at a time for each, kept for some
 * time, whatever it is, and in bounded number. Unknown names never displace known ones, and use up no more
 * than their share of questions, while what is known is asked about again as often as it takes.
 *
 * Where the function itself fails, no client is to blame: new names are then asked about after pauses of
 * 1, 2, 4, 4, … seconds, which end with its first answer.
 */
export class Resolutions<Subject, Answer extends object, Value extends object> {
  private readonly known: LRUCache<string, Known<Answer, Value>>;
  private readonly unknown: LRUCache<string, { readonly until: number }>;
  private readonly inFlight = new InFlight<string, Value | undefined>();
  private readonly fruitless = new SlidingWindow(MOST_UNKNOWN, WINDOW);
  private readonly retries = new Pauses(SHORT_PAUSES);
  private failuresInRow = 0;
  private underWay = 0;

  constructor(private readonly options: ResolutionsOptions<Subject, Answer, Value>) {
    this.known = new LRUCache({ max: options.max });
    this.unknown = new LRUCache({ max: options.max });
  }

  /**
   * What is known by this key; nothing where the application knows nothing of it.
   *
   * @throws AuthorizationServerUnavailableError if that cannot be told now: there is no answer in time, the
   * function just failed several times, or too many were asked about in vain
   * @throws McpAuthConfigurationError if the application throws anything else, or its answer is not right
   */
  get(key: string, subject: Subject): Value | undefined | Promise<Value | undefined> {
    const known = this.known.get(key);
    if (known !== undefined && isFresh(known)) {
      return known.value;
    }
    const unknown = this.unknown.get(key);
    if (unknown !== undefined && isFresh(unknown)) {
      return undefined;
    }
    return this.inFlight.run(key, () => this.resolve(key, subject, known));
  }

  /** Whether this is what `get` would answer at once. */
  isCurrent(key: string, value: Value): boolean {
    const known = this.known.get(key);
    return known?.value === value && isFresh(known);
  }

  private async resolve(
    key: string,
    subject: Subject,
    known: Known<Answer, Value> | undefined,
  ): Promise<Value | undefined> {
    try {
      const answer = await (known ? this.ask(subject) : this.askOfUnknown(subject));
      return this.keep(key, subject, answer, known);
    } catch (error) {
      if (error instanceof AuthorizationServerError) {
        this.options.onUnavailable(error);
      }
      throw error;
    }
  }

  private async askOfUnknown(subject: Subject): Promise<Answer | undefined> {
    this.assertMayAsk();
    this.underWay++;
    try {
      const answer = await this.ask(subject);
      if (answer === undefined) {
        this.fruitless.add();
      }
      return answer;
    } finally {
      this.underWay--;
    }
  }

  private assertMayAsk(): void {
    const { what } = this.options;
    const pause = this.retries.left();
    const wait = this.fruitless.wait(this.underWay);
    if (pause > 0 || wait > 0) {
      throw new AuthorizationServerUnavailableError(
        pause > 0
          ? `${what} failed ${this.failuresInRow} times in a row; names that are not known yet wait for ${Math.ceil(pause)} ms.`
          : `${what} was asked in vain too often within 30 seconds; no more is asked about what is not known yet.`,
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
      if (++this.failuresInRow >= TOLERATED) {
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

  private keep(
    key: string,
    subject: Subject,
    answer: Answer | undefined,
    known: Known<Answer, Value> | undefined,
  ): Value | undefined {
    const until = performance.now() + this.options.ttl;
    if (answer === undefined) {
      this.known.delete(key);
      this.unknown.set(key, { until });
      return undefined;
    }
    this.unknown.delete(key);
    const value =
      known && isDeepStrictEqual(known.answer, answer)
        ? known.value
        : this.options.make(answer, subject);
    this.known.set(key, { answer, value, until });
    return value;
  }
}

function isFresh({ until }: { readonly until: number }): boolean {
  return performance.now() < until;
}
