import 'reflect-metadata';
import type { NestInterceptor } from '@nestjs/common';

/** The key under which Nest keeps what `@UseInterceptors()` was given. */
const INTERCEPTORS = '__interceptors__';

const intercepted = new WeakSet<object>();

/** Whether something may come between the guard and the handler, as {@link bindToHandler} was told. */
export function isIntercepted(handler: object): boolean {
  return intercepted.has(handler);
}

/** Returns the interceptors of a class or of a handler's function. */
export function interceptorsOf(target: object): readonly unknown[] {
  return (Reflect.getMetadata(INTERCEPTORS, target) ?? []) as unknown[];
}

/** Binds an interceptor as the first of a class, once. */
export function bindFirst(interceptor: NestInterceptor, type: object): void {
  const others = interceptorsOf(type).filter((bound) => bound !== interceptor);
  Reflect.defineMetadata(INTERCEPTORS, [interceptor, ...others], type);
}

/** Binds an interceptor before each of those that a class has. */
export function bindToClass(interceptor: NestInterceptor, type: object): void {
  const isBehind = interceptorsOf(type).at(-1) === interceptor;
  const bound = [...before(interceptorsOf(type), interceptor), ...(isBehind ? [interceptor] : [])];
  if (bound.length > 0) {
    Reflect.defineMetadata(INTERCEPTORS, bound, type);
  }
}

/**
 * Binds an interceptor as the last of a class too: a function that takes a method's place on an instance
 * has none of the method's own.
 */
export function bindBehindClass(interceptor: NestInterceptor, type: object): void {
  const bound = [...before(interceptorsOf(type), interceptor), interceptor];
  Reflect.defineMetadata(INTERCEPTORS, bound, type);
}

/** Binds an interceptor before each of those that a handler's function has, and nearest to the handler. */
export function bindToHandler(interceptor: NestInterceptor, handler: object): void {
  const bound = [...before(interceptorsOf(handler), interceptor), interceptor];
  Reflect.defineMetadata(INTERCEPTORS, bound, handler);
  intercepted.add(handler);
}

/** Puts an interceptor before each of a list's but the first. */
export function bindBetween(interceptor: NestInterceptor, list: NestInterceptor[]): void {
  const [first, ...others] = list.filter((bound) => bound !== interceptor);
  if (first !== undefined) {
    const start = list.indexOf(first);
    list.splice(start, list.length, first, ...before(others, interceptor));
  }
}

/** It may be bound already, as applications of one process may share classes. */
function before<T>(interceptors: readonly T[], interceptor: T): T[] {
  return interceptors
    .filter((bound) => bound !== interceptor)
    .flatMap((other) => [interceptor, other]);
}
