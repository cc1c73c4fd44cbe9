import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { StateStore } from '../store/state-store.js';
import { Readiness } from './readiness.js';
import { set, type RedisClient } from './redis-client.js';
import { Waiting } from './waiting.js';

/** The options of a {@link RedisStateStore}. */
export interface RedisStateStoreOptions {
  /**
   * The beginning of every key. All instances of one application need the same prefix. Different applications that
   * share a Redis database need different prefixes.
   *
   * @defaultValue `nestjs-mcp-auth:`
   */
  keyPrefix?: string;
  /**
   * The number of milliseconds for which a request waits for Redis, from 1 to 600000. Then it is answered
   * with 503. Redis may still carry out a slow command later. If the client says that it has lost its
   * connection (`status` of ioredis, `isReady` of `redis`), requests are answered with 503 immediately. A
   * client that was never connected has the same time to connect.
   *
   * @defaultValue 1000
   */
  commandTimeout?: number;
}

/**
 * A {@link StateStore} in Redis that all instances of the application share. It uses a client of the
 * application, which it neither connects nor closes. A single command, `SET … NX`, decides if a key is new,
 * so a key is new for only one instance.
 *
 * Each command has one key, so a cluster can be used. A key that Redis evicts is lost: a used proof or a revoked token
 * is then accepted again. Set `maxmemory-policy noeviction`, and do **not** read from replicas.
 *
 * @example
 * ```ts
 * import { Redis } from 'ioredis';
 * import { McpAuthModule } from 'nestjs-mcp-auth';
 * import { RedisStateStore } from 'nestjs-mcp-auth/redis';
 *
 * McpAuthModule.forRoot({
 *   protectedResources: {
 *     metadata: {
 *       resource: 'https://api.example.com/notes',
 *       authorizationServers: ['https://auth.example.com'],
 *     },
 *   },
 *   store: new RedisStateStore(new Redis('redis://localhost:6379')),
 * });
 * ```
 */
export class RedisStateStore extends StateStore {
  readonly #client: RedisClient;
  readonly #keyPrefix: string;
  readonly #readiness: Readiness;
  readonly #waiting: Waiting;

  /** @throws McpAuthConfigurationError if the client or an option is not valid */
  constructor(client: RedisClient, options: RedisStateStoreOptions = {}) {
    super();
    const { keyPrefix = 'nestjs-mcp-auth:', commandTimeout = 1000 } = options;
    assertArguments(client, keyPrefix, commandTimeout);
    this.#client = client;
    this.#keyPrefix = keyPrefix;
    this.#readiness = new Readiness(client, commandTimeout);
    this.#waiting = new Waiting(commandTimeout);
  }

  override async firstTime(key: string, seconds: number): Promise<boolean> {
    const reply = await this.#set(key, '', seconds, true);
    if (reply !== 'OK' && reply !== null) {
      throw unexpected(reply);
    }
    return reply === 'OK';
  }

  override async put(key: string, value: string, seconds: number): Promise<void> {
    const reply = await this.#set(key, value, seconds, false);
    if (reply !== 'OK') {
      throw unexpected(reply);
    }
  }

  override async get(keys: readonly string[]): Promise<(string | undefined)[]> {
    // The commands are sent together, without waiting for each reply. MGET does not work for keys on several nodes of
    // a cluster.
    const replies = await this.#ask(() =>
      Promise.all(keys.map((key) => this.#client.get(this.#keyPrefix + key))),
    );
    return replies.map((reply) => reply ?? undefined);
  }

  #set(key: string, value: string, seconds: number, onlyIfNew: boolean): Promise<unknown> {
    const milliseconds = Math.max(1, Math.ceil(seconds * 1000));
    return this.#ask(() =>
      set(this.#client, this.#keyPrefix + key, value, milliseconds, onlyIfNew),
    );
  }

  async #ask<T>(command: () => Promise<T>): Promise<T> {
    this.#readiness.assert();
    return this.#waiting.for(command);
  }
}

function assertArguments(client: unknown, keyPrefix: unknown, commandTimeout: unknown): void {
  const { get, set } = (client ?? {}) as Record<string, unknown>;
  if (typeof get !== 'function' || typeof set !== 'function') {
    throw new McpAuthConfigurationError(
      'RedisStateStore needs a client of ioredis or redis; the given value has no "get" and "set".',
    );
  }
  if (typeof keyPrefix !== 'string') {
    throw new McpAuthConfigurationError(
      `The keyPrefix of RedisStateStore must be a string (given: ${typeof keyPrefix}).`,
    );
  }
  const time = Number.isInteger(commandTimeout) ? (commandTimeout as number) : 0;
  if (time < 1 || time > 600_000) {
    throw new McpAuthConfigurationError(
      `The commandTimeout of RedisStateStore must be a whole number of milliseconds from 1 to 600000 (given: ${String(commandTimeout)}).`,
    );
  }
}

function unexpected(reply: unknown): Error {
  return new Error(
    `Redis, or its client, answered SET with an unexpected value of type ${typeof reply}.`,
  );
}
