/** A type that compiles only for `true`. */
export type Expect<T extends true> = T;

interface Invariant<T> {
  value: (value: T) => T;
}

/** `true` if two types are identical. `any` is identical only to `any`. */
export type Equal<A, B> = [IsAny<A>, Invariant<A>] extends [IsAny<B>, Invariant<B>] ? true : false;

type IsAny<T> = 0 extends 1 & T ? true : false;

/** `true` if a value of type `A` can be assigned to the type `B`. */
export type Assignable<A, B> = [A] extends [B] ? true : false;
