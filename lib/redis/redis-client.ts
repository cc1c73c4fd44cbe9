/** What a {@link RedisStateStore} uses of a client of `ioredis`, version 5 or 6: `Redis` or `Cluster`. */
export interface IoredisClient {
  /** Where the connection stands; what tells these clients from those of `redis`. */
  readonly status: string;
  /** `GET key`. */
  get(key: string): Promise<string | null>;
  /** `SET key value PX time`, with `NX` if told so. */
  set(key: string, value: string, unit: 'PX', time: number, nx?: 'NX'): Promise<string | null>;
}

/**
 * What a {@link RedisStateStore} uses of a client of `redis` (node-redis), version 4, 5 or 6: of
 * `createClient`, `createClientPool`, `createCluster` or `createSentinel`. A `createCluster` of versions 4
 * and 5 never follows a failover: use it from 6 on.
 */
export interface NodeRedisClient {
  /** Whether it is connected; pools and older clusters do not say. */
  readonly isReady?: boolean;
  /** `GET key`. */
  get(key: string): Promise<string | null>;
  /** `SET key value PX time`, with `NX` if told so. */
  set(key: string, value: string, options: { PX: number; NX?: true }): Promise<string | null>;
}

/** A connected client of either package. */
export type RedisClient = IoredisClient | NodeRedisClient;

/** `SET key value PX time`, or with `NX`; both packages take the options in a way of their own. */
export function set(
  client: RedisClient,
  key: string,
  value: string,
  milliseconds: number,
  onlyIfNew: boolean,
): Promise<unknown> {
  if (!isIoredis(client)) {
    return client.set(key, value, { PX: milliseconds, ...(onlyIfNew && { NX: true }) });
  }
  return onlyIfNew
    ? client.set(key, value, 'PX', milliseconds, 'NX')
    : client.set(key, value, 'PX', milliseconds);
}

function isIoredis(client: RedisClient): client is IoredisClient {
  return 'status' in client && typeof client.status === 'string';
}
