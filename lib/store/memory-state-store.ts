import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { ExpiringMap } from '../cache/expiring-map.js';
import { StateStore } from './state-store.js';

/** The options of a {@link MemoryStateStore}. */
export interface MemoryStateStoreOptions {
  /**
   * The greatest number of keys of each kind: keys that may be used once, and keys with a value. A key
   * takes about 200 bytes.
   *
   * @defaultValue 100000
   */
  maxKeys?: number;
}

/**
 * A {@link StateStore} in the memory of one process. This is the default. Other instances of the
 * application do **not** see its content, and it is empty after a restart.
 *
 * The store never drops a key before its lifetime is over. When it is full of used proofs, the guard answers 503 to a
 * request with a new DPoP proof. When it is full of revocations, a new revocation fails.
 */
export class MemoryStateStore extends StateStore {
  private readonly seen: ExpiringMap<true>;
  /**
   * The stored values, in a map of their own. A client that fills the map of used keys cannot prevent
   * revocations.
   */
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
