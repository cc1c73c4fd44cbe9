/** Compiles for `true` only. */
export type Expect<T extends true> = T;

interface Invariant<T> {
  value: (value: T) => T;
}

/** `true` where two types are one and the same; `any` equals itself only. */
export type Equal<A, B> = [IsAny<A>, Invariant<A>] extends [IsAny<B>, Invariant<B>] ? true : false;

type IsAny<T> = 0 extends 1 & T ? true : false;

/** `true` where a value of type `A` may be given where a `B` is asked for. */
export type Assignable<A, B> = [A] extends [B] ? true : false;
