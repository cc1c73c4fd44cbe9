import 'reflect-metadata';
import type { Type } from '@nestjs/common';

/**
 * Keeps what a decorator says with the class, or with the class's prototype and the method's *name*:
 * another decorator may replace the method by a wrapper that carries none of its metadata.
 */
export function decorateWith<T>(
  key: symbol,
  change: (earlier: T | undefined, target: object, method: string | symbol | undefined) => T,
): ClassDecorator & MethodDecorator {
  return (target: object, method?: string | symbol) => {
    const earlier = ownMetadata(key, target, method) as T | undefined;
    const value = change(earlier, target, method);
    if (method === undefined) {
      Reflect.defineMetadata(key, value, target);
    } else {
      Reflect.defineMetadata(key, value, target, method);
    }
  };
}

/** What stands on this class, or on this very method, and not on one that it extends or overrides. */
export function ownMetadata(key: symbol, target: object, method?: string | symbol): unknown {
  return method === undefined
    ? Reflect.getOwnMetadata(key, target)
    : Reflect.getOwnMetadata(key, target, method);
}

/** A class and those that it extends, the class itself last. */
export function lineage(controller: Type): Type[] {
  const parent = Object.getPrototypeOf(controller) as Type | null;
  const isClass = typeof parent === 'function' && parent !== Function.prototype;
  return [...(isClass ? lineage(parent) : []), controller];
}

/** The class that defines the method a controller has under this name. */
export function definingClass(controller: Type, method: string): Type {
  const owners = lineage(controller).filter(({ prototype }) =>
    Object.hasOwn(prototype as object, method),
  );
  return owners.at(-1) ?? controller;
}
