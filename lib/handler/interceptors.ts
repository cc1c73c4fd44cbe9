import 'reflect-metadata';
import type { NestInterceptor } from '@nestjs/common';

/** The metadata key of Nest for the arguments of `@UseInterceptors()`. */
const INTERCEPTORS = '__interceptors__';

const intercepted = new WeakSet<object>();

/** Returns `true` if an interceptor was bound to this handler with {@link bindAroundHandler}. */
export function isIntercepted(handler: object): boolean {
  return intercepted.has(handler);
}

/** Returns the interceptors of a class or of a handler's function. */
export function interceptorsOf(target: object): readonly unknown[] {
  return (Reflect.getMetadata(INTERCEPTORS, target) ?? []) as unknown[];
}

/** Binds an interceptor as the first interceptor of a class. It is bound only once. */
export function bindFirst(interceptor: NestInterceptor, type: object): void {
  const others = interceptorsOf(type).filter((bound) => bound !== interceptor);
  Reflect.defineMetadata(INTERCEPTORS, [interceptor, ...others], type);
}

/**
 * Binds an interceptor before each other interceptor of a class. If the interceptor already is the last
 * interceptor, it also stays the last.
 */
export function bindBeforeEachOfClass(interceptor: NestInterceptor, type: object): void {
  const isBehind = interceptorsOf(type).at(-1) === interceptor;
  const bound = [...before(interceptorsOf(type), interceptor), ...(isBehind ? [interceptor] : [])];
  if (bound.length > 0) {
    Reflect.defineMetadata(INTERCEPTORS, bound, type);
  }
}

/**
 * Binds an interceptor before each other interceptor of a class, and also as the last interceptor. Use this
 * function where other code may replace a method on an instance. Interceptors bound to the method are then lost,
 * but the interceptors of the class still run.
 */
export function bindAroundClass(interceptor: NestInterceptor, type: object): void {
  const bound = [...before(interceptorsOf(type), interceptor), interceptor];
  Reflect.defineMetadata(INTERCEPTORS, bound, type);
}

/** Binds an interceptor before each other interceptor of a handler's function, and also as the last interceptor. */
export function bindAroundHandler(interceptor: NestInterceptor, handler: object): void {
  const bound = [...before(interceptorsOf(handler), interceptor), interceptor];
  Reflect.defineMetadata(INTERCEPTORS, bound, handler);
  intercepted.add(handler);
}

/**
 * Puts an interceptor between the items of a list. If it already stands before the first item, it stays
 * there.
 */
export function bindBetween(interceptor: NestInterceptor, list: NestInterceptor[]): void {
  const [first, ...others] = list.filter((bound) => bound !== interceptor);
  if (first !== undefined) {
    const start = list.indexOf(first);
    list.splice(start, list.length, first, ...before(others, interceptor));
  }
}

/**
 * Puts an interceptor before each other interceptor. Removes it from its earlier places first, because
 * applications can share classes, so it may already be bound.
 */
function before<T>(interceptors: readonly T[], interceptor: T): T[] {
  return interceptors
    .filter((bound) => bound !== interceptor)
    .flatMap((other) => [interceptor, other]);
}
