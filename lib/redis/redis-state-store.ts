import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { StateStore } from '../store/state-store.js';
import { Readiness } from './readiness.js';
import { set, type RedisClient } from './redis-client.js';
import { Waiting } from './waiting.js';

/** How a {@link RedisStateStore} uses its client. */
export interface RedisStateStoreOptions {
  /**
   * What every key begins with. Applications that are not instances of one another, and share a Redis
   * database, need different ones; instances of one application need the same.
   *
   * @defaultValue `nestjs-mcp-auth:`
   */
  keyPrefix?: string;
  /**
   * For how many milliseconds a request waits for Redis, 1 to 600000; then it is answered with 503. A
   * command that Redis is slow with may be carried out later. Where the client says that it has lost its
   * connection (`status` of ioredis, `isReady` of `redis`), the answer is 503 at once; a client that was
   * never connected has as long to be.
   *
   * @defaultValue 1000
   */
  commandTimeout?: number;
}

/**
 * A {@link StateStore} that all instances of the application share: in Redis, over a client of the
 * application's own. One command, `SET … NX`, says whether a key is new, so that of all instances one is
 * told so.
 *
 * Each command has one key, so that a cluster is fine. The client is neither connected nor closed here.
 * What Redis forgets, this store cannot know: let it evict nothing (`maxmemory-policy noeviction`), and
 * read from no replica.
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

  /** @throws McpAuthConfigurationError if the client or an option cannot be right */
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
    // Sent at once, and so in one round trip; MGET would not do for keys on several nodes of a cluster.
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
      'RedisStateStore takes a client of ioredis or of redis; what it was given has no "get" and "set".',
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
  return new Error(`Redis, or its client, answered SET with a value of type ${typeof reply}.`);
}
