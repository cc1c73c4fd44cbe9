import type { Type } from '@nestjs/common';
import { lineage } from './lineage.js';

/** The prototypes of the decorated classes, and the decorated functions. */
const prototypes = new WeakSet<object>();
const functions = new WeakSet<object>();
/**
 * The prototypes whose methods are not in the index yet. They are strong references: a class whose methods
 * are only copied by mixins could otherwise be garbage-collected before the index is made.
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
 * Returns the methods that this function implements, of all classes with a decorator of this package. Another
 * decorator may replace the function of a method, so the index is made only when it is first needed.
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
 * Returns `true` if a class, one that it extends, or a method of these may have a decorator of this
 * package.
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
