import type { Type } from '@nestjs/common';

/** Returns the classes of a provider: the one it was registered by, and that of what a factory made. */
export function classesOf({
  metatype,
  instance,
}: {
  readonly metatype: unknown;
  readonly instance: unknown;
}): Type[] {
  return [...new Set([metatype, constructorOf(instance)])].filter(isClass);
}

/** The metatype of a factory is the factory, which may be an arrow function. */
export function isClass(metatype: unknown): metatype is Type {
  return typeof metatype === 'function' && typeof metatype.prototype === 'object';
}

/** Read from the prototype, since a proxy may answer anything. */
function constructorOf(instance: unknown): unknown {
  if (typeof instance !== 'object' || instance === null) {
    return undefined;
  }
  const prototype: unknown = Object.getPrototypeOf(instance);
  return typeof prototype === 'object' && prototype !== null && prototype !== Object.prototype
    ? Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value
    : undefined;
}
