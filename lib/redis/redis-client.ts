/** The members of an `ioredis` client (`Redis` or `Cluster`, version 5 or 6) that are used here. */
export interface IoredisClient {
  /** The state of the connection. It also distinguishes these clients from those of `redis`. */
  readonly status: string;
  /** Sends `GET key`. */
  get(key: string): Promise<string | null>;
  /** Sends `SET key value PX time`, optionally with `NX`. */
  set(key: string, value: string, unit: 'PX', time: number, nx?: 'NX'): Promise<string | null>;
}

/**
 * The members of a `redis` client (node-redis, version 4, 5 or 6) that are used here. The client may come from
 * `createClient`, `createClientPool`, `createCluster` or `createSentinel`. Do **not** use `createCluster` of
 * versions 4 and 5: it never follows a failover.
 */
export interface NodeRedisClient {
  /** `true` if the client is connected. Pools and older clusters do not have this member. */
  readonly isReady?: boolean;
  /** Sends `GET key`. */
  get(key: string): Promise<string | null>;
  /** Sends `SET key value PX time`, optionally with `NX`. */
  set(key: string, value: string, options: { PX: number; NX?: true }): Promise<string | null>;
}

/** A client of either package. The application connects it. */
export type RedisClient = IoredisClient | NodeRedisClient;

/** Sends `SET key value PX time`, optionally with `NX`. Each package takes the options in its own form. */
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
