/**
 * What the instances of an application have to know of each other: which proofs were used, and which
 * tokens are revoked. The default keeps it in the memory of one process.
 *
 * Keys and values are made by this library: printable ASCII, short, and never a token.
 *
 * An error that a method throws, or its rejection, means that the store cannot be asked: nobody is let
 * in on its word, and the answer is 503.
 */
export abstract class StateStore {
  /**
   * Whether `key` is given for the first time within its lifetime. It is atomic: of any number of
   * calls at the same time, in whatever instances, one is told so.
   *
   * @param seconds - for how long the key is remembered
   */
  abstract firstTime(key: string, seconds: number): boolean | Promise<boolean>;

  /**
   * Keeps a value, in place of an older one, for `seconds`.
   */
  abstract put(key: string, value: string, seconds: number): void | Promise<void>;

  /** The values of the keys, in their order; `undefined` for one that is not there any more. */
  abstract get(
    keys: readonly string[],
  ): readonly (string | undefined)[] | Promise<readonly (string | undefined)[]>;
}
