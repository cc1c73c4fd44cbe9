import * as ioredis from 'ioredis';
import * as ioredis5 from 'ioredis-5';
import * as redis from 'redis';
import * as redis4 from 'redis-4';
import type { McpAuthModuleOptions, StateStore } from 'nestjs-mcp-auth';
import { type RedisClient, RedisStateStore } from 'nestjs-mcp-auth/redis';
import type { Assignable, Expect } from './expect.js';

export type Stores = [
  Expect<Assignable<RedisStateStore, StateStore>>,
  Expect<Assignable<RedisStateStore, NonNullable<McpAuthModuleOptions['store']>>>,
];

export type Clients = [
  Expect<Assignable<ioredis.Redis, RedisClient>>,
  Expect<Assignable<ioredis.Cluster, RedisClient>>,
  Expect<Assignable<ioredis5.Redis, RedisClient>>,
  Expect<Assignable<ioredis5.Cluster, RedisClient>>,
];

/** The code of users, with the types that each package infers. */
export const stores = (): RedisStateStore[] => [
  new RedisStateStore(new ioredis.Redis()),
  new RedisStateStore(redis.createClient()),
  new RedisStateStore(redis.createClient({ RESP: 3 })),
  new RedisStateStore(redis.createClientPool()),
  new RedisStateStore(redis.createCluster({ rootNodes: [] })),
  new RedisStateStore(redis.createSentinel({ name: 'main', sentinelRootNodes: [] })),
  new RedisStateStore(redis4.createClient(), { keyPrefix: 'notes:', commandTimeout: 200 }),
  new RedisStateStore(redis4.createCluster({ rootNodes: [] })),
];

// @ts-expect-error -- a URL is no client
new RedisStateStore('redis://localhost');
// @ts-expect-error -- neither are a client's options
new RedisStateStore({ host: 'localhost' });
// @ts-expect-error -- a Map has get and set, and is none
new RedisStateStore(new Map<string, string>());
const buffers = { [redis.RESP_TYPES.BLOB_STRING]: Buffer };
const answersInBuffers = redis.createClient().withTypeMapping(buffers);
// @ts-expect-error -- a client whose answers are no strings
new RedisStateStore(answersInBuffers);
// @ts-expect-error -- a misspelt option
new RedisStateStore(redis.createClient(), { prefix: 'notes:' });
