import type { ApplicationConfig } from '@nestjs/core';
import type { Handler } from '../access/handler.js';
import { BearerAuthGuard } from '../guard/bearer-auth.guard.js';

/** The key under which Nest keeps what `@UseGuards()` was given. */
const GUARDS = '__guards__';

/** Whether `@UseGuards()` binds {@link BearerAuthGuard}, or a subclass, to the handler or to its class. */
export function hasGuardOfItsOwn(handler: Handler): boolean {
  return guardsOf(handler).some(isBearerAuthGuard);
}

/** Whether `@UseGuards()` binds a subclass, which may know transports that {@link BearerAuthGuard} does not. */
export function hasSubclassOfItsOwn(handler: Handler): boolean {
  return guardsOf(handler).some(
    (guard) => isBearerAuthGuard(guard) && classOf(guard) !== BearerAuthGuard,
  );
}

/** Whether the application itself has bound {@link BearerAuthGuard}, or a subclass, globally. */
export function isBoundGlobally(application: ApplicationConfig): boolean {
  const perRequest = application.getGlobalRequestGuards();
  return [
    ...application.getGlobalGuards(),
    ...perRequest.flatMap(({ metatype, inject }): unknown[] => [metatype, ...(inject ?? [])]),
  ].some(isBearerAuthGuard);
}

function guardsOf({ controller, method }: Handler): unknown[] {
  const handler = (controller.prototype as Record<string, object | undefined>)[method];
  return [handler, controller].flatMap((target): unknown[] =>
    target === undefined ? [] : ((Reflect.getMetadata(GUARDS, target) ?? []) as unknown[]),
  );
}

function classOf(guard: unknown): unknown {
  return typeof guard === 'function' ? guard : (guard as object | null)?.constructor;
}

function isBearerAuthGuard(guard: unknown): boolean {
  const type = classOf(guard);
  return (
    type === BearerAuthGuard ||
    (typeof type === 'function' && type.prototype instanceof BearerAuthGuard)
  );
}
