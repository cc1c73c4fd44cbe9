import type { Type } from '@nestjs/common';
import { lineage } from './lineage.js';

/** The prototypes of the classes that bear a decorator of ours, and the functions that do. */
const known = new WeakSet<object>();
const functions = new WeakSet<object>();
/** Those whose methods are not in the index yet. Else a class that only mixins copy from would be gone. */
const pending = new Set<object>();
const index = new WeakMap<object, DecoratedMethod[]>();

/** A method with a decorator of ours, or of a class with one. */
export interface DecoratedMethod {
  readonly prototype: object;
  readonly method: string;
  readonly implementation: object;
}

/** Remembers that a class, or a prototype's method, was decorated. */
export function rememberDecorated(
  target: object,
  method: string | symbol | undefined,
  implementation: unknown,
): void {
  if (typeof implementation === 'function') {
    functions.add(implementation);
  }
  const prototype = method === undefined ? (target as { prototype: object }).prototype : target;
  known.add(prototype);
  pending.add(prototype);
}

/**
 * Returns where a function was decorated, or stands in a class that was. It may be one that another
 * decorator left in the place of the method, so the index is made when it is first asked for.
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

/** Whether a class, one that it extends, or a method of these may bear a decorator of ours. */
export function isDecorated(type: Type): boolean {
  return lineage(type)
    .map(({ prototype }) => prototype as object)
    .some(
      (prototype) =>
        known.has(prototype) ||
        methodsOf(prototype).some(({ implementation }) => functions.has(implementation)),
    );
}
