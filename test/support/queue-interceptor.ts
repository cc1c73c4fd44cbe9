import { setTimeout as delay } from 'node:timers/promises';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { concatMap, defer, finalize, Observable, Subject, switchMap, tap, from } from 'rxjs';

/** The number of calls that come at once. */
export const CALLS = 3;

type Handle = () => Observable<unknown>;
type Queue = (handle: Handle) => Observable<unknown>;

/** Starts all calls when the last one has come: in the context of that one. */
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

/** Starts each call when the one before has ended: in the context of that one. */
function oneByOne(): Queue {
  const jobs = new Subject<Observable<unknown>>();
  jobs.pipe(concatMap((job) => job)).subscribe();
  return (handle) =>
    new Observable((subscriber) => {
      const job = defer(async () => delay(2)).pipe(switchMap(handle), tap(subscriber));
      jobs.next(job.pipe(finalize(() => undefined)));
    });
}

/** Starts all calls by a timer of the first one. */
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

/** Asks Nest for the call at once, and subscribes to it in the context of the last one. */
function subscribedLater(): Queue {
  const queue = batch();
  return (handle) => {
    const handled = handle();
    return queue(() => handled);
  };
}

/** Calls the handler, and calls it again in the context of the last call. */
function twice(): Queue {
  const queue = batch();
  return (handle) => from(handle()).pipe(switchMap(() => queue(handle)));
}

export const QUEUES = { batch, oneByOne, byTimer, subscribedLater, twice };
export type QueueName = keyof typeof QUEUES;

let queue: Queue = batch();

/** Makes every {@link QueueInterceptor} a queue of this kind. */
export function useQueue(name: QueueName): void {
  queue = QUEUES[name]();
}

/** Takes calls into the context of other calls, as anything that limits or batches them may. */
export class QueueInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return queue(() => next.handle());
  }
}
