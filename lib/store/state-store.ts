/**
 * A store for the state that the instances of an application share: which DPoP proofs were used, and which
 * tokens are revoked. The default store is in the memory of one process.
 *
 * This library creates the keys and values. Keys and values are short printable ASCII, and never contain a token.
 *
 * If a method throws or rejects, the store counts as unavailable: the request is not accepted, and the
 * guard answers 503.
 */
export abstract class StateStore {
  /**
   * Returns `true` if `key` is used for the first time within its lifetime. The check must be atomic: if several calls
   * run at the same time, in one or more instances, exactly one of them returns `true`.
   *
   * @param seconds - the lifetime of the key
   */
  abstract firstTime(key: string, seconds: number): boolean | Promise<boolean>;

  /**
   * Stores a value. It replaces an earlier value of the key.
   *
   * @param seconds - the lifetime of the key; it may be a fraction
   */
  abstract put(key: string, value: string, seconds: number): void | Promise<void>;

  /**
   * Returns the values of the keys, in the order of the keys. The item is `undefined` for a key that has no
   * value, or has expired.
   */
  abstract get(
    keys: readonly string[],
  ): readonly (string | undefined)[] | Promise<readonly (string | undefined)[]>;
}
