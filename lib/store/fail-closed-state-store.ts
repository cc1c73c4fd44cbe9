import { log } from '../log/log.js';
import { StateStoreUnavailableError } from '../errors/state-store.error.js';
import { messageOf } from '../errors/to-error.js';
import { StateStore } from './state-store.js';

/** Milliseconds between two reports of a store that cannot be asked. */
const REPORT_INTERVAL = 10_000;

/**
 * A store whose every failure, and every answer that is none, is a {@link StateStoreUnavailableError}.
 * Why is told to the operator, now and then.
 */
export class FailClosedStateStore extends StateStore {
  private reportedAt = -Infinity;

  constructor(private readonly store: StateStore) {
    super();
  }

  override firstTime(key: string, seconds: number): boolean | Promise<boolean> {
    return this.ask(() => this.store.firstTime(key, seconds), isBoolean);
  }

  override put(key: string, value: string, seconds: number): void | Promise<void> {
    return this.ask(
      () => this.store.put(key, value, seconds),
      () => true,
    );
  }

  override get(
    keys: readonly string[],
  ): readonly (string | undefined)[] | Promise<readonly (string | undefined)[]> {
    return this.ask(
      () => this.store.get(keys),
      (values) => areValues(values, keys.length),
    );
  }

  private ask<T>(
    question: () => T | Promise<T>,
    isAnswer: (answer: unknown) => boolean,
  ): T | Promise<T> {
    const check = (answer: T): T => {
      if (!isAnswer(answer)) {
        throw new TypeError('It answered with a value that a StateStore must not give.');
      }
      return answer;
    };
    try {
      const answer = question();
      return isPromise(answer)
        ? Promise.resolve(answer)
            .then(check)
            .catch((error: unknown) => this.fail(error))
        : check(answer);
    } catch (error) {
      return this.fail(error);
    }
  }

  private fail(cause: unknown): never {
    const error = new StateStoreUnavailableError('The state store cannot be asked.', { cause });
    const now = performance.now();
    if (now - this.reportedAt > REPORT_INTERVAL) {
      this.reportedAt = now;
      log.error(`${error.message} ${messageOf(cause)}`);
    }
    throw error;
  }
}

/** A user's own store may answer with any thenable. */
function isPromise<T>(answer: T | Promise<T>): answer is Promise<T> {
  return typeof (answer as { then?: unknown } | undefined)?.then === 'function';
}

function isBoolean(answer: unknown): boolean {
  return typeof answer === 'boolean';
}

/** A value that is missing by mistake, rather than as `undefined`, would be a revocation unseen. */
function areValues(answer: unknown, count: number): boolean {
  return (
    Array.isArray(answer) &&
    answer.length === count &&
    (answer as unknown[]).every((value) => value === undefined || typeof value === 'string')
  );
}
