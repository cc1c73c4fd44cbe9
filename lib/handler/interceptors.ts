import 'reflect-metadata';
import type { NestInterceptor } from '@nestjs/common';

/** The key under which Nest keeps what `@UseInterceptors()` was given. */
const INTERCEPTORS = '__interceptors__';

/** Returns the interceptors of a class or of a handler's function. */
export function interceptorsOf(target: object): readonly unknown[] {
  return (Reflect.getMetadata(INTERCEPTORS, target) ?? []) as unknown[];
}

/** Binds an interceptor to a handler's function, nearer to the handler than all others; once. */
export function bindInnermost(interceptor: NestInterceptor, handler: object): void {
  const others = interceptorsOf(handler).filter((bound) => bound !== interceptor);
  Reflect.defineMetadata(INTERCEPTORS, [...others, interceptor], handler);
}
