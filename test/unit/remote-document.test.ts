import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AuthorizationServerUnavailableError } from 'nestjs-mcp-auth';
import { RemoteDocument } from '../../lib/authorization-server/remote-document.js';
import { collectGarbage } from '../support/collect-garbage.js';

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

/** Lets a fetch in the background end. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('a remote document', () => {
  it('is fetched once for all who wait', async () => {
    expect(await Promise.all([document.get(), document.get(), document.get()])).toEqual([1, 1, 1]);
    expect(await document.get()).toBe(1);
  });

  it('is fetched again, once, for those who ask for it as it is now during a fetch', async () => {
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

  it('is not used beyond its lifetime where a newer one can be had', async () => {
    await document.get();
    now = 10 * MINUTE;
    expect(document.current()).toBe(1);
    await settle();
    now = 20 * MINUTE + 1;
    expect(await document.get()).toBe(3);
  });

  it('reports a fetch in the background that failed, and is used on', async () => {
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

  it('is used beyond its lifetime while none can be had, for a day', async () => {
    await document.get();
    failing = true;
    now = 23 * HOUR;
    expect(await document.get()).toBe(1);
    now = 25 * HOUR;
    await expect(document.get()).rejects.toThrow('down');
  });

  it('makes one request wait for a server that is down, not every one', async () => {
    await document.get();
    failing = true;
    now = 11 * MINUTE;
    expect(await document.get()).toBe(1);
    const answer = await Promise.race([document.get(), settle().then(() => 'waited')]);
    expect(answer).toBe(1);
    await settle();
    expect(failures).toHaveLength(1);
  });

  it('is tried again after growing pauses, of five minutes at most', async () => {
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

  it('is waited for again when nobody asked since an outage', async () => {
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

  it('is used for the lifetime that it came with', async () => {
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

  it('is there without waiting, once it was fetched', async () => {
    expect(document.current()).toBeUndefined();
    expect(fetched).toBe(0);
    await document.get();
    expect(document.current()).toBe(1);
  });

  it('is not used beyond its lifetime where staleIfError is 0', async () => {
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

  it('fails while there is none, and is there as soon as it can be had', async () => {
    failing = true;
    await expect(document.get()).rejects.toThrow('down');
    failing = false;
    expect(await document.get()).toBe(2);
  });

  it('keeps no request in memory that does not wait for its renewal', async () => {
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

  it('is fetched at most three times in any 30 seconds', async () => {
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

  it('says when to try again, once it failed three times', async () => {
    failing = true;
    for (let index = 0; index < 3; index++) {
      now = MINUTE + index * SECOND;
      await expect(document.get()).rejects.toThrow('down');
    }
    now = MINUTE + 10 * SECOND;
    const error = await document.get().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AuthorizationServerUnavailableError);
    expect(error).toMatchObject({ retryAfter: 20, message: 'down', cause: new Error('down') });
    expect(fetched).toBe(3);
  });

  it('is not passed off as new once fetching it failed too often', async () => {
    await document.get();
    failing = true;
    await expect(document.refresh()).rejects.toThrow('down');
    await expect(document.refresh()).rejects.toThrow('down');
    await expect(document.refresh()).rejects.toThrow(AuthorizationServerUnavailableError);
    expect(document.current()).toBe(1);
    expect(fetched).toBe(3);
  });
});
