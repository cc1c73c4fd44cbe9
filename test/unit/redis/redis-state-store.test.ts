import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { McpAuthConfigurationError } from 'nestjs-mcp-auth';
import { RedisStateStore, type RedisClient } from 'nestjs-mcp-auth/redis';

/** Makes a client of `redis` with any behaviour. The real clients are tested against a real server. */
const client = (answer: () => unknown): RedisClient => ({
  get: async () => answer() as never,
  set: async () => answer() as never,
});
const never = () => new Promise(() => undefined);

afterEach(() => {
  jest.useRealTimers();
});

describe('a state store in Redis', () => {
  it.each<[string, unknown, RegExp]>([
    ['no client', undefined, /needs a client of ioredis or redis/],
    ['a URL instead of a client', 'redis://localhost', /needs a client of ioredis or redis/],
    [
      'client options instead of a client',
      { host: 'localhost' },
      /needs a client of ioredis or redis/,
    ],
  ])('cannot be constructed with %s', (_, given, message) => {
    const make = () => new RedisStateStore(given as never);
    expect(make).toThrow(McpAuthConfigurationError);
    expect(make).toThrow(message);
  });

  it.each<[Record<string, unknown>, RegExp]>([
    [{ keyPrefix: 5 }, /keyPrefix .* must be a string \(given: number\)/],
    [{ keyPrefix: null }, /keyPrefix .* must be a string/],
    [{ commandTimeout: 0 }, /commandTimeout .* from 1 to 600000 \(given: 0\)/],
    [{ commandTimeout: 600_001 }, /commandTimeout/],
    [{ commandTimeout: 1.5 }, /commandTimeout/],
    [{ commandTimeout: '1000' }, /commandTimeout/],
  ])('cannot be constructed with the options %p', (options, message) => {
    const make = () => new RedisStateStore(client(never), options);
    expect(make).toThrow(McpAuthConfigurationError);
    expect(make).toThrow(message);
  });

  it.each([undefined, true, 1, Buffer.from('OK'), 'QUEUED'])(
    'rejects %p as an answer to SET',
    async (reply) => {
      const store = new RedisStateStore(client(() => reply));
      await expect(store.firstTime('a', 1)).rejects.toThrow(
        /answered SET with an unexpected value/,
      );
      await expect(store.put('a', '1', 1)).rejects.toThrow(/answered SET with an unexpected value/);
    },
  );

  it('fails if Redis did not store a value', async () => {
    const store = new RedisStateStore(client(() => null));
    await expect(store.put('a', '1', 1)).rejects.toThrow(/answered SET with an unexpected value/);
  });

  it('fails if Redis does not answer within one second', async () => {
    jest.useFakeTimers();
    const store = new RedisStateStore(client(never));
    const outcomes = Promise.allSettled([
      store.firstTime('a', 1),
      store.put('a', '1', 1),
      store.get(['a', 'b']),
    ]);
    await jest.advanceTimersByTimeAsync(999);
    expect(jest.getTimerCount()).toBe(3);
    await jest.advanceTimersByTimeAsync(1);
    for (const outcome of await outcomes) {
      expect(String((outcome as PromiseRejectedResult).reason)).toMatch(
        /not answer within 1000 ms/,
      );
    }
    expect(jest.getTimerCount()).toBe(0);
  });

  it('leaves no timer behind once Redis has answered', async () => {
    jest.useFakeTimers();
    const store = new RedisStateStore(client(() => 'OK'));
    await store.put('a', '1', 1);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('leaves at most 10,000 commands unanswered, and continues once they are answered', async () => {
    jest.useFakeTimers();
    const pending: ((reply: string) => void)[] = [];
    const store = new RedisStateStore(
      client(() => new Promise((resolve) => pending.push(resolve))),
    );
    const given = Array.from({ length: 10_000 }, () => store.firstTime('a', 1));
    const outcomes = Promise.allSettled(given);
    await jest.advanceTimersByTimeAsync(1000);
    await outcomes;
    await expect(store.firstTime('a', 1)).rejects.toThrow(/left 10000 commands unanswered/);
    expect(pending.length).toBe(10_000);
    pending.forEach((resolve) => resolve('OK'));
    await jest.advanceTimersByTimeAsync(0);
    const next = store.firstTime('a', 1);
    await jest.advanceTimersByTimeAsync(0);
    pending.at(-1)?.('OK');
    expect(await next).toBe(true);
  });

  it('continues after a client that throws synchronously', async () => {
    const replies = [
      () => {
        throw new Error('The client is closed.');
      },
      () => 'OK',
    ];
    const store = new RedisStateStore({
      get: never as never,
      set: (() => replies.shift()?.()) as never,
    });
    await expect(store.firstTime('a', 1)).rejects.toThrow('The client is closed.');
    expect(await store.firstTime('a', 1)).toBe(true);
  });

  describe('with a client that reports its connection state', () => {
    interface State {
      status?: string;
      isReady?: boolean;
    }
    const over = (state: State) => {
      const given = Object.assign(
        client(() => 'OK'),
        state,
      );
      const store = new RedisStateStore(given, { commandTimeout: 1000 });
      const ask = async () =>
        store.put('a', '1', 1).then(
          () => 'asked',
          (error: unknown) => (error as Error).message,
        );
      return { ask, become: (now: State) => Object.assign(given, now) };
    };
    const LOST = 'The client is not connected to Redis.';

    it.each<[string, State, State]>([
      ...['reconnecting', 'connecting', 'connect', 'close', 'end'].map(
        (status): [string, State, State] => [status, { status: 'ready' }, { status }],
      ),
      ['not ready', { isReady: true }, { isReady: false }],
    ])(
      'sends no command while the state is %s, and sends again once connected',
      async (_, ready, lost) => {
        const { ask, become } = over(ready);
        expect(await ask()).toBe('asked');
        become(lost);
        expect(await ask()).toBe(LOST);
        become(ready);
        expect(await ask()).toBe('asked');
      },
    );

    it('sends no command if the client was connected at construction and no longer is', async () => {
      const { ask, become } = over({ isReady: true });
      become({ isReady: false });
      expect(await ask()).toBe(LOST);
    });

    it.each<State>([{ status: 'connecting' }, { status: 'reconnecting' }, { isReady: false }])(
      'sends commands for the time of one commandTimeout if the client was never connected (%j)',
      async (state) => {
        jest.useFakeTimers();
        const { ask, become } = over(state);
        await jest.advanceTimersByTimeAsync(5000);
        expect(await ask()).toBe('asked');
        await jest.advanceTimersByTimeAsync(999);
        expect(await ask()).toBe('asked');
        await jest.advanceTimersByTimeAsync(1);
        expect(await ask()).toBe(LOST);
        become({ status: state.status && 'ready', isReady: state.status ? undefined : true });
        expect(await ask()).toBe('asked');
      },
    );

    it.each<State>([{ status: 'wait' }, { status: 'monitoring' }, {}])(
      'sends commands if the state says nothing about the connection (%j)',
      async (state) => {
        jest.useFakeTimers();
        const { ask } = over(state);
        expect(await ask()).toBe('asked');
        await jest.advanceTimersByTimeAsync(5000);
        expect(await ask()).toBe('asked');
      },
    );
  });
});
