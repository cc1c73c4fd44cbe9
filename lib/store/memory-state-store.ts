import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { ExpiringMap } from '../cache/expiring-map.js';
import { StateStore } from './state-store.js';

/** How many keys a {@link MemoryStateStore} has room for. */
export interface MemoryStateStoreOptions {
  /**
   * How many keys there may be at most of each kind: those that are given once, and those that have a
   * value. A key takes some 200 bytes.
   *
   * @defaultValue 100000
   */
  maxKeys?: number;
}

/**
 * A {@link StateStore} in the memory of one process; the default. Other instances of the application do
 * not see what is in it, and it is empty after a restart.
 *
 * It forgets no key before its time: once it is full it throws, which the guard answers with 503.
 */
export class MemoryStateStore extends StateStore {
  private readonly seen: ExpiringMap<true>;
  /** Apart, so that whoever fills the other one does not keep a token from being revoked. */
  private readonly values: ExpiringMap<string>;

  /** @throws McpAuthConfigurationError if `maxKeys` is not a whole number above 0 */
  constructor({ maxKeys = 100_000 }: MemoryStateStoreOptions = {}) {
    super();
    if (!Number.isSafeInteger(maxKeys) || maxKeys < 1) {
      throw new McpAuthConfigurationError(
        `The maxKeys of MemoryStateStore must be a whole number above 0 (given: ${String(maxKeys)}).`,
      );
    }
    this.seen = new ExpiringMap(maxKeys);
    this.values = new ExpiringMap(maxKeys);
  }

  override firstTime(key: string, seconds: number): boolean {
    if (this.seen.get(key) !== undefined) {
      return false;
    }
    this.seen.set(key, true, seconds);
    return true;
  }

  override put(key: string, value: string, seconds: number): void {
    this.values.set(key, value, seconds);
  }

  override get(keys: readonly string[]): readonly (string | undefined)[] {
    return keys.map((key) => this.values.get(key));
  }
}
