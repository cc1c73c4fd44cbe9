import { StateStoreUnavailableError } from '../errors/state-store.error.js';
import { messageOf } from '../errors/to-error.js';
import { CALM, OutageLog } from '../log/outage-log.js';
import { StateStore } from './state-store.js';

/**
 * A store that turns every failure, and every invalid result, of another store into a
 * {@link StateStoreUnavailableError}. It logs when an outage begins, and why, and when it ends.
 */
export class FailClosedStateStore extends StateStore {
  private readonly outages = new OutageLog('The state store is available again.', CALM);

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
        throw new TypeError('It returned a value that a StateStore must not return.');
      }
      this.outages.succeeded();
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
    const error = new StateStoreUnavailableError('The state store is unavailable.', { cause });
    const reason = `The state store is unavailable (${messageOf(cause)}).`;
    this.outages.failed(reason, 'Requests that need it get 503.');
    throw error;
  }
}

/** Returns `true` for a promise or any other thenable, which a store of the application may return. */
function isPromise<T>(answer: T | Promise<T>): answer is Promise<T> {
  return typeof (answer as { then?: unknown } | undefined)?.then === 'function';
}

function isBoolean(answer: unknown): boolean {
  return typeof answer === 'boolean';
}

/**
 * Returns `true` for an array with exactly one item for each key, where each item is a string or `undefined`.
 * An incomplete list could hide that a token is revoked.
 */
function areValues(answer: unknown, count: number): boolean {
  return (
    Array.isArray(answer) &&
    answer.length === count &&
    (answer as unknown[]).every((value) => value === undefined || typeof value === 'string')
  );
}
