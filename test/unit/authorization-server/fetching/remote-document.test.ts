import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AuthorizationServerUnavailableError } from 'nestjs-mcp-auth';
import { SlidingWindow } from '../../../../lib/async/sliding-window.js';
import { RemoteDocument } from '../../../../lib/authorization-server/fetching/remote-document.js';
import { collectGarbage } from '../../../support/collect-garbage.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

let now: number;
let fetched: number;
let failing: boolean;
let hanging: boolean;
let failures: unknown[];
let lifetime: number;
let document: RemoteDocument<number>;

beforeEach(() => {
  now = 0;
  fetched = 0;
  failing = false;
  hanging = false;
  lifetime = 10 * MINUTE;
  jest.spyOn(performance, 'now').mockImplementation(() => now);
  failures = [];
  document = new RemoteDocument(
    async () => {
      await Promise.resolve();
      fetched++;
      if (hanging) {
        await new Promise(() => undefined);
      }
      if (failing) {
        throw new Error('down');
      }
      return { value: fetched, lifetime };
    },
    { staleIfError: 24 * HOUR, onFailure: (error) => failures.push(error) },
  );
});

afterEach(() => {
  jest.restoreAllMocks();
});

/** Waits until a fetch in the background has ended. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('a remote document', () => {
  it('is fetched once for all concurrent requests', async () => {
    expect(await Promise.all([document.get(), document.get(), document.get()])).toEqual([1, 1, 1]);
    expect(await document.get()).toBe(1);
  });

  it('is fetched once more for all refresh() calls that come during a fetch', async () => {
    const answers = await Promise.all([document.get(), document.refresh(), document.refresh()]);
    expect(answers).toEqual([1, 2, 2]);
  });

  it('is fetched in the background from 75% of its lifetime on', async () => {
    await document.get();
    now = 7.4 * MINUTE;
    await document.get();
    await settle();
    expect(fetched).toBe(1);
    now = 7.6 * MINUTE;
    expect(await document.get()).toBe(1);
    await settle();
    expect(fetched).toBe(2);
    expect(await document.get()).toBe(2);
  });

  it('is fetched again when its lifetime is over', async () => {
    await document.get();
    now = 10 * MINUTE;
    expect(document.current()).toBe(1);
    await settle();
    now = 20 * MINUTE + 1;
    expect(await document.get()).toBe(3);
  });

  it('reports a failed background fetch once, and stays in use', async () => {
    await document.get();
    failing = true;
    now = 8 * MINUTE;
    expect(await document.get()).toBe(1);
    await settle();
    expect(await document.get()).toBe(1);
    await settle();
    expect(failures).toEqual([new Error('down')]);
    expect(await document.get()).toBe(1);
  });

  it('stays in use for a day beyond its lifetime while fetching fails', async () => {
    await document.get();
    failing = true;
    now = 23 * HOUR;
    expect(await document.get()).toBe(1);
    now = 25 * HOUR;
    await expect(document.get()).rejects.toThrow('down');
  });

  it('makes only one request wait for a server that is down', async () => {
    await document.get();
    failing = true;
    now = 11 * MINUTE;
    expect(await document.get()).toBe(1);
    const answer = await Promise.race([document.get(), settle().then(() => 'waited')]);
    expect(answer).toBe(1);
    await settle();
    expect(failures).toHaveLength(1);
  });

  it('is fetched again after growing pauses of at most five minutes while fetching fails', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0);
    await document.get();
    failing = true;
    const attempts: number[] = [];
    for (now = 0; now < 40 * MINUTE; now += SECOND) {
      const before = fetched;
      expect(document.current()).toBe(1);
      await settle();
      if (fetched > before) {
        attempts.push(now / SECOND);
      }
    }
    const pauses = attempts.slice(1).map((at, index) => at - (attempts[index] ?? 0));
    expect(attempts[0]).toBe(451);
    expect(pauses).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300, 300, 300]);
    failing = false;
    for (let tries = fetched; fetched === tries; now += SECOND) {
      document.current();
      await settle();
    }
    expect(document.current()).toBe(fetched);
  });

  it('is fetched before use when it expired without requests since an outage', async () => {
    await document.get();
    failing = true;
    now = 8 * MINUTE;
    await document.get();
    await settle();
    failing = false;
    now = 9 * HOUR;
    expect(document.current()).toBeUndefined();
    expect(await document.get()).toBe(3);
  });

  it('has the lifetime that the server gave it', async () => {
    lifetime = HOUR;
    await document.get();
    now = 44 * MINUTE;
    await document.get();
    await settle();
    expect(fetched).toBe(1);
    now = 46 * MINUTE;
    expect(await document.get()).toBe(1);
    await settle();
    expect(fetched).toBe(2);
    now = 46 * MINUTE + HOUR + 1;
    expect(document.current()).toBeUndefined();
  });

  it('is available synchronously once it was fetched', async () => {
    expect(document.current()).toBeUndefined();
    expect(fetched).toBe(0);
    await document.get();
    expect(document.current()).toBe(1);
  });

  it('is not used beyond its lifetime if staleIfError is 0', async () => {
    document = new RemoteDocument(
      async () => {
        if (failing) {
          throw new Error('down');
        }
        return { value: 1, lifetime };
      },
      { staleIfError: 0, onFailure: () => undefined },
    );
    await document.get();
    failing = true;
    now = 9 * MINUTE;
    expect(await document.get()).toBe(1);
    now = 11 * MINUTE;
    await expect(document.get()).rejects.toThrow('down');
  });

  it('fails while the first fetch fails, and is fetched again after a pause of one second', async () => {
    failing = true;
    await expect(document.get()).rejects.toThrow('down');
    failing = false;
    now = 999;
    await expect(document.get()).rejects.toThrow('down');
    now = SECOND;
    expect(await document.get()).toBe(2);
  });

  it('does not keep the context of a request in memory during a background fetch', async () => {
    await document.get();
    now = 8 * MINUTE;
    hanging = true;
    document.current();
    const requests = new AsyncLocalStorage<object>();
    const request = (() => {
      const store = {};
      expect(requests.run(store, () => document.current())).toBe(1);
      return new WeakRef(store);
    })();
    await collectGarbage();
    expect(fetched).toBe(2);
    expect(request.deref()).toBeUndefined();
  });

  it('is fetched at most three times in any 30 seconds by refresh()', async () => {
    for (let index = 0; index < 10; index++) {
      now = index * SECOND;
      await document.refresh();
    }
    expect(fetched).toBe(3);
    now = 30 * SECOND;
    expect(await document.refresh()).toBe(4);
    now = 30.5 * SECOND;
    expect(await document.refresh()).toBe(4);
    now = 31 * SECOND;
    expect(await document.refresh()).toBe(5);
  });

  it('is fetched by refresh() with a separate limit for each reason', async () => {
    const other = new SlidingWindow(1, 30 * SECOND);
    expect(await document.refresh(other)).toBe(1);
    expect(await document.refresh(other)).toBe(1);
    for (const expected of [2, 3, 4, 4]) {
      expect(await document.refresh()).toBe(expected);
    }
    now = 30 * SECOND;
    expect(await document.refresh(other)).toBe(5);
  });

  it('is not fetched for a request whose limit is used up, but still for concurrent requests with another limit', async () => {
    const none = new SlidingWindow(0, 30 * SECOND);
    await document.get();
    const answers = [document.refresh(), document.refresh(none), document.refresh()];
    expect(await Promise.all(answers)).toEqual([2, 1, 2]);
  });

  it('is fetched by renew() once a second, without any limit', async () => {
    await document.get();
    expect(await document.renew()).toBe(1);
    for (let index = 1; index < 10; index++) {
      now = index * SECOND;
      expect(await document.renew()).toBe(index + 1);
    }
  });

  it('names in the error when to retry: after 1, 2, 4 and 4 seconds', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0);
    failing = true;
    for (const pause of [1, 2, 4, 4]) {
      await expect(document.get()).rejects.toThrow('down');
      const attempts = fetched;
      now += 100;
      const error = await document.get().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(AuthorizationServerUnavailableError);
      expect(error).toMatchObject({ retryAfter: pause, message: 'down', cause: new Error('down') });
      await expect(document.refresh()).rejects.toThrow(AuthorizationServerUnavailableError);
      expect(fetched).toBe(attempts);
      now += pause * SECOND - 100;
    }
  });

  it('is not returned by refresh() while fetching it fails', async () => {
    await document.get();
    failing = true;
    await expect(document.refresh()).rejects.toThrow('down');
    await expect(document.refresh()).rejects.toThrow(AuthorizationServerUnavailableError);
    expect(document.current()).toBe(1);
    expect(fetched).toBe(2);
  });

  it('is fetched by refresh() after an outage, although the limit was used up before', async () => {
    for (let index = 0; index < 4; index++) {
      await document.refresh();
    }
    failing = true;
    now = 8 * MINUTE;
    document.current();
    await settle();
    failing = false;
    now += SECOND;
    expect(await document.refresh()).toBe(5);
  });

  it('is renewed in the background on schedule, although refresh() kept failing', async () => {
    await document.get();
    failing = true;
    for (let index = 0; index < 10; index++) {
      now += 5 * SECOND;
      await expect(document.refresh()).rejects.toThrow('down');
    }
    failing = false;
    now = 8 * MINUTE;
    document.current();
    await settle();
    expect(document.current()).toBe(12);
  });
});

describe('a remote document that isCurrent() rejects', () => {
  let isCurrent: boolean;

  beforeEach(() => {
    isCurrent = true;
    document = new RemoteDocument(
      async () => {
        fetched++;
        if (failing) {
          throw new Error('down');
        }
        isCurrent = true;
        return { value: fetched, lifetime };
      },
      { staleIfError: 0, onFailure: () => undefined, isCurrent: () => isCurrent },
    );
  });

  it('is fetched again before use', async () => {
    await document.get();
    isCurrent = false;
    expect(document.current()).toBeUndefined();
    expect(await document.get()).toBe(2);
    expect(document.current()).toBe(2);
  });

  it('is used within its lifetime until a new document can be fetched', async () => {
    await document.get();
    isCurrent = false;
    failing = true;
    expect(await document.get()).toBe(1);
    expect([document.current(), document.isDown, document.fallback()]).toEqual([1, true, 1]);
    expect(fetched).toBe(2);
    failing = false;
    now = 6 * SECOND;
    expect(document.current()).toBe(1);
    await settle();
    expect(document.current()).toBe(3);
    isCurrent = false;
    failing = true;
    now += 11 * MINUTE;
    await expect(document.get()).rejects.toThrow('down');
  });
});
