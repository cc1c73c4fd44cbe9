import { Redis } from 'ioredis';
import { Redis as Redis5 } from 'ioredis-5';
import { createClient } from 'redis';
import { createClient as createClient4 } from 'redis-4';
import type { RedisClient } from 'nestjs-mcp-auth/redis';

/** A client as a user makes it, and the functions with which a test looks into Redis. */
export interface TestClient {
  client: RedisClient;
  keys: () => Promise<string[]>;
  /** Returns the remaining milliseconds of a key, or a negative number if the key never expires. */
  pttl: (key: string) => Promise<number>;
  disconnect: () => unknown;
}

const ignore = () => undefined;
/** The milliseconds between two attempts to connect. They are few, so that a restarted server is found at once. */
const RECONNECT_AFTER = 20;

type Connect = (port: number) => Promise<TestClient>;

const overIoredis = (create: typeof Redis): Connect => {
  return async (port) => {
    const client = new create({ port, host: '127.0.0.1', retryStrategy: () => RECONNECT_AFTER });
    client.on('error', ignore);
    return {
      client,
      keys: async () => client.keys('*'),
      pttl: async (key) => client.pttl(key),
      disconnect: () => client.disconnect(),
    };
  };
};

const socket = (port: number) => ({
  socket: { port, host: '127.0.0.1', reconnectStrategy: RECONNECT_AFTER },
});

/** Each supported client, in its oldest and its newest major version. */
export const redisClients: Record<string, Connect> = {
  'ioredis 6': overIoredis(Redis),
  'ioredis 5': overIoredis(Redis5 as unknown as typeof Redis),
  'redis 6': async (port) => {
    const client = createClient(socket(port)).on('error', ignore);
    await client.connect();
    return {
      client,
      keys: async () => client.keys('*'),
      pttl: async (key) => client.pTTL(key),
      disconnect: () => client.destroy(),
    };
  },
  'redis 4': async (port) => {
    const client = createClient4(socket(port)).on('error', ignore);
    await client.connect();
    return {
      client,
      keys: async () => client.keys('*'),
      pttl: async (key) => client.pTTL(key),
      disconnect: async () => client.disconnect(),
    };
  },
};
