import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { Controller, Get, Post, Query } from '@nestjs/common';
import { AuthInfo, Public, StateStore, TokenRevocations } from 'nestjs-mcp-auth';
import { RedisStateStore, type RedisStateStoreOptions } from 'nestjs-mcp-auth/redis';
import { DpopKey } from '../support/dpop/key.js';
import { adapters, bearer, oneResource, RESOURCE, startApp } from '../support/app.js';
import { useIssuer } from '../support/serve.js';
import { redisClients, type TestClient } from '../support/redis/redis-clients.js';
import { describeWithRedis, RedisServer } from '../support/redis/redis-server.js';

const describeRedis = describeWithRedis();

@Controller('notes')
class NotesController {
  constructor(
    private readonly store: StateStore,
    private readonly revocations: TokenRevocations,
  ) {}

  @Get() get(@AuthInfo('subject') subject: string) {
    return { subject };
  }

  @Post('revoke') async revoke(@AuthInfo() { issuer, claims, expiresAt }: AuthInfo) {
    await this.revocations.revokeToken({ issuer, jti: claims.jti as string, expiresAt });
  }

  @Post('revoke-all') async revokeAll(@AuthInfo() { issuer, subject = '' }: AuthInfo) {
    await this.revocations.revokeSubject({ issuer, subject });
  }

  /** Answers whether a key is used for the first time, as an application can check it with the store. */
  @Post('once') @Public() async once(@Query('key') key: string) {
    return { first: await this.store.firstTime(key, 60) };
  }
}

let redis: RedisServer;
const clients: TestClient[] = [];

beforeAll(async () => {
  redis = await RedisServer.start();
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map(({ disconnect }) => disconnect()));
});

afterAll(async () => {
  await redis.stop();
});

const connect = async (name: string): Promise<TestClient> => {
  const client = await redisClients[name]?.(redis.port);
  if (client === undefined) {
    throw new Error(`No such client: ${name}`);
  }
  clients.push(client);
  return client;
};
const storeOver = async (name: string, options?: RedisStateStoreOptions) =>
  new RedisStateStore((await connect(name)).client, options);

let keys = 0;
const newKey = () => `key-${(keys += 1)}`;

describeRedis.each(Object.keys(redisClients))('a state store over %s', (name) => {
  it('reports a key as new to exactly one of a hundred concurrent calls over two connections', async () => {
    const stores = [await storeOver(name), await storeOver(name)];
    const key = newKey();
    const answers = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => stores[index % 2]?.firstTime(key, 60)),
    );
    expect(answers.filter((isFirst) => isFirst === true).length).toBe(1);
    expect(answers.filter((isFirst) => isFirst === false).length).toBe(99);
  });

  it('returns values in the order of the keys, including an empty value', async () => {
    const store = await storeOver(name);
    const [a, b] = [newKey(), newKey()];
    await store.put(a, 'old', 60);
    await store.put(a, 'new', 60);
    await store.put(b, '', 60);
    expect(await store.get([b, 'missing', a])).toEqual(['', undefined, 'new']);
    expect(await store.get([])).toEqual([]);
  });

  it('writes only keys with an expiry and the prefix', async () => {
    const { client, pttl, keys } = await connect(name);
    const prefix = `${newKey()}:`;
    const store = new RedisStateStore(client, { keyPrefix: prefix });
    await store.firstTime('once', 60);
    await store.put('value', '1', 0.25);
    const written = (await keys()).filter((key) => key.startsWith(prefix)).sort();
    expect(written).toEqual([`${prefix}once`, `${prefix}value`]);
    const ends = await Promise.all(written.map(pttl));
    expect(ends[0]).toBeGreaterThan(50_000);
    expect(ends[0]).toBeLessThanOrEqual(60_000);
    expect(ends[1]).toBeLessThanOrEqual(250);
  });

  it('prefixes its keys with the name of the package by default', async () => {
    const { client, keys } = await connect(name);
    const key = newKey();
    await new RedisStateStore(client).firstTime(key, 60);
    expect(await keys()).toContain(`nestjs-mcp-auth:${key}`);
  });

  it('separates applications with different prefixes', async () => {
    const [a, b] = [
      await storeOver(name, { keyPrefix: 'a:' }),
      await storeOver(name, { keyPrefix: 'b:' }),
    ];
    const [value, once] = [newKey(), newKey()];
    await a.put(value, '1', 60);
    expect([await a.firstTime(once, 60), await b.firstTime(once, 60)]).toEqual([true, true]);
    expect([await a.get([value]), await b.get([value])]).toEqual([['1'], [undefined]]);
  });

  it('shares all keys with a store over any other client', async () => {
    const key = newKey();
    await (await storeOver(name)).put(key, name, 60);
    for (const other of Object.keys(redisClients)) {
      expect(await (await storeOver(other)).get([key])).toEqual([name]);
    }
  });
});

const tables = adapters.flatMap((adapter) =>
  Object.keys(redisClients).map((client) => [client, adapter] as const),
);

describeRedis.each(tables)('two instances over %s, on %s', (name, adapter) => {
  const issuer = useIssuer({ per: 'test' });
  let one: string;
  let other: string;

  const start = async (options: RedisStateStoreOptions = {}) => {
    const { url } = await startApp({
      adapter,
      options: {
        ...oneResource(issuer.url, { dpop: 'accepted' }),
        store: await storeOver(name, options),
      },
      controllers: [NotesController],
    });
    return url;
  };
  const mint = async (claims: Record<string, unknown> = {}) =>
    issuer.mint({ audience: RESOURCE, claims: { jti: newKey(), sub: newKey(), ...claims } });
  const call = async (url: string, token: string) => fetch(`${url}/notes`, bearer(token));
  const post = async (url: string, path: string, token = '') =>
    fetch(`${url}/notes/${path}`, { method: 'POST', ...bearer(token) });
  const status = async (url: string, token: string) => (await call(url, token)).status;

  beforeEach(async () => {
    [one, other] = [await start(), await start()];
  });

  it('together accept a DPoP proof once, however many copies come at once', async () => {
    const key = await DpopKey.make();
    const token = await mint({ cnf: { jkt: key.jkt } });
    const copies = async (urls: string[]) => {
      const headers = { authorization: `DPoP ${token}`, dpop: await key.proof(token) };
      const answers = await Promise.all(
        urls.map(async (url) => (await fetch(`${url}/notes`, { headers })).status),
      );
      return answers.sort();
    };
    expect(await copies([one, other])).toEqual([200, 401]);
    expect(await copies([one, other, one, other, one, other])).toEqual([
      200, 401, 401, 401, 401, 401,
    ]);
  });

  it('share the keys that were seen', async () => {
    const path = `once?key=${newKey()}`;
    const answers = [await post(one, path), await post(other, path), await post(one, path)];
    expect(await Promise.all(answers.map(async (answer) => answer.json()))).toEqual([
      { first: true },
      { first: false },
      { first: false },
    ]);
  });

  it('reject a token as soon as another instance has revoked it, even if they cached the token', async () => {
    const [token, another] = [await mint(), await mint()];
    expect([await status(one, token), await status(other, token)]).toEqual([200, 200]);
    expect((await post(one, 'revoke', token)).status).toBe(201);
    expect([await status(one, token), await status(other, token)]).toEqual([401, 401]);
    expect([await status(one, another), await status(other, another)]).toEqual([200, 200]);
  });

  it('reject all tokens of a subject as soon as another instance has revoked the subject', async () => {
    const sub = newKey();
    const tokens = [await mint({ sub }), await mint({ sub, jti: undefined })];
    for (const token of tokens) {
      expect([await status(one, token), await status(other, token)]).toEqual([200, 200]);
    }
    expect((await post(one, 'revoke-all', tokens[0])).status).toBe(201);
    for (const token of tokens) {
      expect([await status(one, token), await status(other, token)]).toEqual([401, 401]);
    }
    expect(await status(other, await mint())).toBe(200);
  });

  it('answer 503 while Redis is down, and 200 once it is back', async () => {
    const token = await mint();
    expect(await status(one, token)).toBe(200);
    await redis.down();
    try {
      const answer = await call(one, token);
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('5');
      expect(answer.headers.get('www-authenticate')).toBeNull();
      expect(await answer.json()).toMatchObject({ error: 'temporarily_unavailable' });
      expect((await post(one, 'revoke', token)).status).toBe(503);
    } finally {
      await redis.up();
    }
    const back = performance.now();
    let answer = await status(one, token);
    while (answer === 503) {
      answer = await status(one, token);
    }
    expect(answer).toBe(200);
    expect(performance.now() - back).toBeLessThan(2000);
  }, 20_000);

  it('do not wait while the client knows that the connection is lost', async () => {
    const url = await start({ commandTimeout: 60_000 });
    const token = await mint();
    expect(await status(url, token)).toBe(200);
    await redis.down();
    try {
      const answers = [];
      for (let count = 0; count < 10; count += 1) {
        answers.push(await status(url, token));
      }
      expect(new Set(answers)).toEqual(new Set([503]));
    } finally {
      await redis.up();
    }
  }, 20_000);

  it('answer 503 while Redis hangs, after commandTimeout at most', async () => {
    const url = await start({ commandTimeout: 100 });
    const token = await mint();
    expect(await status(url, token)).toBe(200);
    redis.hang();
    try {
      const began = performance.now();
      expect(await status(url, token)).toBe(503);
      expect(performance.now() - began).toBeLessThan(5000);
    } finally {
      await redis.down();
      await redis.up();
    }
  }, 20_000);
});
