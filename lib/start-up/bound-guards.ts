import type { ApplicationConfig } from '@nestjs/core';
import type {
  DiscoveredHandler,
  DiscoveredHandlers,
} from '../policy/discovery/discovered-handlers.js';
import type { Handler } from '../handler/handler.js';
import { BearerAuthGuard } from '../guard/bearer-auth.guard.js';

/** The key under which Nest stores the guards of `@UseGuards()`. */
const GUARDS = '__guards__';

/**
 * Returns `true` if `@UseGuards()` binds {@link BearerAuthGuard} or a subclass to the class of a handler, or
 * to each function from which Nest may take the guards of the handler. For routes and messages, such a function
 * may replace the method on an instance. It does not have the guards of the method.
 */
export function hasGuardOfItsOwn(
  handler: DiscoveredHandler,
  handlers: DiscoveredHandlers,
): boolean {
  const isBound = (target: object) => guardsAt(target).some(isBearerAuthGuard);
  return isBound(handler.controller) || handlers.calledFunctionsOf(handler).every(isBound);
}

/**
 * Returns `true` if a guard is bound to the method of a route or message, but neither to the class nor to a
 * function that replaces the method on an instance. Nest calls the replacement, so the guard would not run.
 */
export function losesItsGuard(handler: DiscoveredHandler, handlers: DiscoveredHandlers): boolean {
  const isBound = (target: object) => guardsAt(target).some(isBearerAuthGuard);
  return handlers.calledFunctionsOf(handler).some(isBound) && !hasGuardOfItsOwn(handler, handlers);
}

/**
 * Returns `true` if `@UseGuards()` binds a subclass of {@link BearerAuthGuard} to a handler or its class. A subclass
 * may support transports that {@link BearerAuthGuard} does not support.
 */
export function hasSubclassOfItsOwn(handler: Handler): boolean {
  return guardsOf(handler).some(
    (guard) => isBearerAuthGuard(guard) && classOf(guard) !== BearerAuthGuard,
  );
}

/** Returns `true` if the application itself has bound {@link BearerAuthGuard} or a subclass globally. */
export function isBoundGlobally(application: ApplicationConfig): boolean {
  const perRequest = application.getGlobalRequestGuards();
  return [
    ...application.getGlobalGuards(),
    ...perRequest.flatMap(({ metatype, inject }): unknown[] => [metatype, ...(inject ?? [])]),
  ].some(isBearerAuthGuard);
}

function guardsOf({ controller, method }: Handler): unknown[] {
  const handler = (controller.prototype as Record<string, object | undefined>)[method];
  return [handler ?? [], controller].flatMap(guardsAt);
}

function guardsAt(target: object): unknown[] {
  return (Reflect.getMetadata(GUARDS, target) ?? []) as unknown[];
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
