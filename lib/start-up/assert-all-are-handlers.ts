import type { Type } from '@nestjs/common';
import { MetadataScanner, type ModulesContainer } from '@nestjs/core';
import { getOrMake } from '../cache/get-or-make.js';
import { methodAccess } from '../decorators/access.decorator.js';
import { classesOf } from '../policy/discovery/classes-of.js';
import type { DiscoveredHandler } from '../policy/discovery/discovered-handlers.js';
import { nameOf, type Handler } from '../handler/handler.js';
import {
  protectingDecoratorsOf,
  isMarked,
  protectingDecoratorsOfMethod,
} from '../policy/is-marked.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { isDecorated } from '../handler/decorated.js';
import { hasSubclassOfItsOwn } from './bound-guards.js';

/** The metadata that TypeScript and Nest leave on methods that are not entry points. */
const NO_ENTRY_POINT =
  /^(?:design:|__guards__$|__interceptors__$|__exceptionFilters__$|__pipes__$)/;

/**
 * Checks that decorators of this library are only on handlers for which a guard runs. A guard does not run
 * for a service, a pipe, a connection hook of a gateway, or a controller among the providers.
 *
 * @throws McpAuthConfigurationError naming a class or method for which no guard runs
 */
export function assertAllAreHandlers(
  modules: ModulesContainer,
  handlers: readonly DiscoveredHandler[],
): void {
  const found = new Map<Type, Set<string>>();
  for (const { controller, method } of handlers) {
    getOrMake(found, controller, () => new Set<string>()).add(method);
  }
  for (const type of decoratedClasses(modules)) {
    assertClass(type, found.get(type) ?? new Set());
  }
}

function assertClass(type: Type, handlers: ReadonlySet<string>): void {
  const methods = new MetadataScanner()
    .getAllMethodNames(type.prototype as object)
    .map((method) => ({ controller: type, method }));
  const isHandler = (handler: Handler) =>
    handlers.has(handler.method) || isCalledElsewhere(handler);
  const stray = methods.find((handler) => !isHandler(handler) && isMarkedItself(handler));
  if (stray !== undefined) {
    throw problem(nameOf(stray), stray);
  }
  const itself = { controller: type, method: '' };
  if (isMarked(itself) && !methods.some(isHandler)) {
    throw problem(type.name, itself);
  }
}

function problem(name: string, handler: Handler): McpAuthConfigurationError {
  const decorators = protectingDecoratorsOf(handler).join(' and ') || '@OptionalAuth()';
  return new McpAuthConfigurationError(
    `${name} has ${decorators}, but no guard runs for it: Nest calls guards only for the handlers of controllers, resolvers and gateways, not for other methods, connection hooks or services. Move the decorator to the handler, or check the caller with AuthInfo.`,
  );
}

function isMarkedItself(handler: Handler): boolean {
  return (
    protectingDecoratorsOfMethod(handler).length > 0 ||
    methodAccess(handler.controller, handler.method) === 'optional'
  );
}

/**
 * Returns `true` for a method with metadata of another library, which may call the method, if a subclass of the guard
 * is bound to the method or to its class. Such a subclass may be able to guard the calls of that library.
 */
function isCalledElsewhere(handler: Handler): boolean {
  const { controller, method } = handler;
  const implementation = (controller.prototype as Record<string, object>)[method];
  return (
    implementation !== undefined &&
    hasSubclassOfItsOwn(handler) &&
    Reflect.getMetadataKeys(implementation).some(
      (key) => typeof key === 'string' && !NO_ENTRY_POINT.test(key),
    )
  );
}

function decoratedClasses(modules: ModulesContainer): Set<Type> {
  const wrappers = [...modules.values()].flatMap((module) =>
    [module.controllers, module.providers, module.injectables, module.middlewares].flatMap(
      (collection) => [...collection.values()],
    ),
  );
  return new Set(wrappers.flatMap(classesOf).filter(isDecorated));
}
