import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Cluster, Redis } from 'ioredis';
import { createCluster } from 'redis';
import { RedisStateStore, type RedisClient } from 'nestjs-mcp-auth/redis';
import { describeWithRedis, RedisServer } from '../support/redis/redis-server.js';

const describeRedis = describeWithRedis();

interface Connection {
  client: RedisClient;
  close: () => void;
}

const clusters: Record<string, (port: number) => Promise<Connection>> = {
  ioredis: async (port) => {
    const client = new Cluster([{ host: '127.0.0.1', port }]);
    return { client, close: () => client.disconnect() };
  },
  redis: async (port) => {
    const client = createCluster({ rootNodes: [{ url: `redis://127.0.0.1:${port}` }] });
    await client.connect();
    return { client, close: () => client.destroy() };
  },
};

/** Gives all slots to one node. It refuses a command with keys in several slots, like a cluster of several nodes. */
async function takeAllSlots(port: number): Promise<void> {
  const client = new Redis({ host: '127.0.0.1', port });
  try {
    await client.call('CLUSTER', 'ADDSLOTSRANGE', 0, 16_383);
    while (!String(await client.call('CLUSTER', 'INFO')).includes('cluster_state:ok'));
    await expect(client.mget('a', 'b')).rejects.toThrow('CROSSSLOT');
  } finally {
    client.disconnect();
  }
}

describeRedis.each(Object.entries(clusters))(
  'a state store in a cluster, over %s',
  (_, connect) => {
    let redis: RedisServer;

    beforeAll(async () => {
      redis = await RedisServer.start({
        'cluster-enabled': 'yes',
        'cluster-announce-ip': '127.0.0.1',
      });
      await takeAllSlots(redis.port);
    });

    afterAll(async () => {
      await redis.stop();
    });

    it('finds keys in several hash slots', async () => {
      const { client, close } = await connect(redis.port);
      try {
        const store = new RedisStateStore(client);
        const keys = ['a', 'b', 'c', 'd'];
        await Promise.all(keys.map(async (key) => store.put(key, `${key}!`, 60)));
        expect(await store.get(keys)).toEqual(['a!', 'b!', 'c!', 'd!']);
        const once = [await store.firstTime('once', 60), await store.firstTime('once', 60)];
        expect(once).toEqual([true, false]);
      } finally {
        close();
      }
    });
  },
);
