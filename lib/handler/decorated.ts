import type { Type } from '@nestjs/common';
import { lineage } from './lineage.js';

/** The prototypes of the decorated classes, and the decorated functions. */
const prototypes = new WeakSet<object>();
const functions = new WeakSet<object>();
/**
 * The prototypes whose methods are not in the index yet. The set holds them strongly: after a mixin has copied
 * the methods of a class, it is possible that nothing else refers to the class. It could then be
 * garbage-collected before its methods are in the index.
 */
const pending = new Set<object>();
const index = new WeakMap<object, DecoratedMethod[]>();

/** A method of a class that has a decorator of this package, on the class itself or on any of its methods. */
export interface DecoratedMethod {
  readonly prototype: object;
  readonly method: string;
  readonly implementation: object;
}

/** Records that a class, or a method of a prototype, was decorated. */
export function recordDecorated(
  target: object,
  method: string | symbol | undefined,
  implementation: unknown,
): void {
  if (typeof implementation === 'function') {
    functions.add(implementation);
  }
  const prototype = method === undefined ? (target as { prototype: object }).prototype : target;
  prototypes.add(prototype);
  pending.add(prototype);
}

/**
 * Returns the methods, in all classes with a decorator of this package, whose function is `implementation`.
 * Another decorator can still replace a method's function, so a class is indexed at the next call, not when it
 * is decorated.
 */
export function originsOf(implementation: object): readonly DecoratedMethod[] {
  for (const found of [...pending].flatMap(methodsOf)) {
    const origins = index.get(found.implementation) ?? [];
    if (
      !origins.some(
        ({ prototype, method }) => prototype === found.prototype && method === found.method,
      )
    ) {
      index.set(found.implementation, [...origins, found]);
    }
  }
  pending.clear();
  return index.get(implementation) ?? [];
}

function methodsOf(prototype: object): DecoratedMethod[] {
  return Object.entries(Object.getOwnPropertyDescriptors(prototype)).flatMap(
    ([method, { value }]: [string, { value?: unknown }]) =>
      typeof value === 'function' && method !== 'constructor'
        ? [{ prototype, method, implementation: value }]
        : [],
  );
}

/**
 * Returns `true` if a class, a class that it extends, or a method of one of them was decorated by this package.
 * A method also counts if its function was decorated in another class and copied here.
 */
export function isDecorated(type: Type): boolean {
  return lineage(type)
    .map(({ prototype }) => prototype as object)
    .some(
      (prototype) =>
        prototypes.has(prototype) ||
        methodsOf(prototype).some(({ implementation }) => functions.has(implementation)),
    );
}
