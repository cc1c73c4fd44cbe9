/** Compiles for `true` only. */
export type Expect<T extends true> = T;

/** `true` where two types are one and the same, `any` and optionality included. */
export type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** `true` where a value of type `A` may be given where a `B` is asked for. */
export type Assignable<A, B> = [A] extends [B] ? true : false;
