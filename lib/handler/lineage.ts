import type { Type } from '@nestjs/common';

/** Returns a class and the classes that it extends, the class itself last. */
export function lineage(controller: Type): Type[] {
  const parent = Object.getPrototypeOf(controller) as Type | null;
  const isClass = typeof parent === 'function' && parent !== Function.prototype;
  return [...(isClass ? lineage(parent) : []), controller];
}

/** Returns the class that defines a method of a controller. */
export function definingClass(controller: Type, method: string): Type {
  const owners = lineage(controller).filter(({ prototype }) =>
    Object.hasOwn(prototype as object, method),
  );
  return owners.at(-1) ?? controller;
}
