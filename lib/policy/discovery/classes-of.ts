import type { Type } from '@nestjs/common';

/**
 * Returns the classes of a provider: the class that it was registered with, and the class of the instance
 * that a factory made.
 */
export function classesOf({
  metatype,
  instance,
}: {
  readonly metatype: unknown;
  readonly instance: unknown;
}): Type[] {
  return [...new Set([metatype, constructorOf(instance)])].filter(isClass);
}

/**
 * Returns `true` for a class, and for a plain function. Returns `false` for an arrow function: the metatype of a
 * factory provider is the factory, which often is one.
 */
export function isClass(metatype: unknown): metatype is Type {
  return typeof metatype === 'function' && typeof metatype.prototype === 'object';
}

/** Reads the constructor from the prototype, because a proxy may return anything. */
function constructorOf(instance: unknown): unknown {
  if (typeof instance !== 'object' || instance === null) {
    return undefined;
  }
  const prototype: unknown = Object.getPrototypeOf(instance);
  return typeof prototype === 'object' && prototype !== null && prototype !== Object.prototype
    ? Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value
    : undefined;
}
