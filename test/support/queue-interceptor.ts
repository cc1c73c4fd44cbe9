import { setTimeout as delay } from 'node:timers/promises';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { concatMap, defer, finalize, Observable, Subject, switchMap, tap, from } from 'rxjs';

/** The number of calls that a test makes at the same time. */
export const CALLS = 3;

type Handle = () => Observable<unknown>;
type Queue = (handle: Handle) => Observable<unknown>;

/** Starts all calls when the last call has come, in the async context of the last call. */
function batch(): Queue {
  const waiting: (() => void)[] = [];
  return (handle) =>
    new Observable((subscriber) => {
      waiting.push(() => handle().subscribe(subscriber));
      if (waiting.length === CALLS) {
        waiting.splice(0).forEach((start) => start());
      }
    });
}

/** Starts each call when the previous call has ended, in the async context of the previous call. */
function oneByOne(): Queue {
  const jobs = new Subject<Observable<unknown>>();
  jobs.pipe(concatMap((job) => job)).subscribe();
  return (handle) =>
    new Observable((subscriber) => {
      const job = defer(async () => delay(2)).pipe(switchMap(handle), tap(subscriber));
      jobs.next(job.pipe(finalize(() => undefined)));
    });
}

/** Starts all calls by a timer, in the async context of the first call. */
function byTimer(): Queue {
  let waiting: (() => void)[] = [];
  return (handle) =>
    new Observable((subscriber) => {
      waiting.push(() => handle().subscribe(subscriber));
      if (waiting.length === 1) {
        setTimeout(() => {
          const started = waiting;
          waiting = [];
          started.forEach((start) => start());
        }, 20);
      }
    });
}

/** Calls `handle` at once, but subscribes to its result in the async context of the last call. */
function subscribedLater(): Queue {
  const queue = batch();
  return (handle) => {
    const handled = handle();
    return queue(() => handled);
  };
}

/** Calls the handler, and then calls it again in the async context of the last call. */
function twice(): Queue {
  const queue = batch();
  return (handle) => from(handle()).pipe(switchMap(() => queue(handle)));
}

export const QUEUES = { batch, oneByOne, byTimer, subscribedLater, twice };
export type QueueName = keyof typeof QUEUES;

let queue: Queue = batch();

/** Lets every {@link QueueInterceptor} use one queue of this kind. */
export function useQueue(name: QueueName): void {
  queue = QUEUES[name]();
}

/** Runs calls in the async context of other calls. An interceptor that limits or batches calls can do this. */
export class QueueInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return queue(() => next.handle());
  }
}
