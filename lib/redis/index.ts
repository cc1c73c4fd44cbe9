export type { IoredisClient, NodeRedisClient, RedisClient } from './redis-client.js';
export { RedisStateStore, type RedisStateStoreOptions } from './redis-state-store.js';
