import 'reflect-metadata';
import type { NestInterceptor } from '@nestjs/common';

/** The metadata key of Nest for the arguments of `@UseInterceptors()`. */
const INTERCEPTORS = '__interceptors__';

const intercepted = new WeakSet<object>();

/** Returns `true` if an interceptor was bound to this handler with {@link bindToHandler}. */
export function isIntercepted(handler: object): boolean {
  return intercepted.has(handler);
}

/** Returns the interceptors of a class or of a handler's function. */
export function interceptorsOf(target: object): readonly unknown[] {
  return (Reflect.getMetadata(INTERCEPTORS, target) ?? []) as unknown[];
}

/** Binds an interceptor as the first one of a class. It is bound only once. */
export function bindFirst(interceptor: NestInterceptor, type: object): void {
  const others = interceptorsOf(type).filter((bound) => bound !== interceptor);
  Reflect.defineMetadata(INTERCEPTORS, [interceptor, ...others], type);
}

/** Binds an interceptor before each interceptor of a class. It stays the last one if it already is. */
export function bindToClass(interceptor: NestInterceptor, type: object): void {
  const isBehind = interceptorsOf(type).at(-1) === interceptor;
  const bound = [...before(interceptorsOf(type), interceptor), ...(isBehind ? [interceptor] : [])];
  if (bound.length > 0) {
    Reflect.defineMetadata(INTERCEPTORS, bound, type);
  }
}

/**
 * Binds an interceptor before each interceptor of a class, and also as the last one. This is for a
 * function that replaces a method on an instance: it does not have the interceptors of the method.
 */
export function bindBehindClass(interceptor: NestInterceptor, type: object): void {
  const bound = [...before(interceptorsOf(type), interceptor), interceptor];
  Reflect.defineMetadata(INTERCEPTORS, bound, type);
}

/** Binds an interceptor before each interceptor of a handler's function, and also as the last one. */
export function bindToHandler(interceptor: NestInterceptor, handler: object): void {
  const bound = [...before(interceptorsOf(handler), interceptor), interceptor];
  Reflect.defineMetadata(INTERCEPTORS, bound, handler);
  intercepted.add(handler);
}

/** Puts an interceptor before each item of a list, except the first. */
export function bindBetween(interceptor: NestInterceptor, list: NestInterceptor[]): void {
  const [first, ...others] = list.filter((bound) => bound !== interceptor);
  if (first !== undefined) {
    const start = list.indexOf(first);
    list.splice(start, list.length, first, ...before(others, interceptor));
  }
}

/** Puts one interceptor before each other one. It may be there already, as applications can share classes. */
function before<T>(interceptors: readonly T[], interceptor: T): T[] {
  return interceptors
    .filter((bound) => bound !== interceptor)
    .flatMap((other) => [interceptor, other]);
}
