import type {
  DiscoveredHandler,
  DiscoveredHandlers,
} from '../policy/discovery/discovered-handlers.js';
import { nameOf } from '../handler/handler.js';
import { protectingDecoratorsOf, isMarked, isPublic } from '../policy/is-marked.js';
import type { McpSiblings } from '../policy/mcp-siblings.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { hasGuardOfItsOwn, losesItsGuard } from './bound-guards.js';

/** The remedy if GraphQL runs no guards on fields. */
export const GUARD_FIELDS =
  "Add fieldResolverEnhancers: ['guards', 'interceptors'] to the options of the GraphQLModule";

/**
 * Returns the handlers that have a policy if the module binds the guard globally. Leaves out the methods that MCP-Nest
 * serves, and message handlers of microservices without a decorator.
 *
 * @throws McpAuthConfigurationError naming a handler whose requirements no guard enforces
 */
export function assertGuarded(handlers: DiscoveredHandlers): DiscoveredHandler[] {
  const guarded = assertReached(handlers);
  guarded
    .filter(({ kind }) => kind === 'rpc')
    .forEach((handler) => {
      assertTokenCanBeRead(handler, handlers);
    });
  return guarded.filter(
    (handler) => handler.kind !== 'mcp' && (handler.kind !== 'rpc' || isMarked(handler)),
  );
}

/**
 * Returns all handlers, except field resolvers on which GraphQL runs no guard and that are not `@Public()`.
 *
 * @throws McpAuthConfigurationError naming a handler whose requirements no guard enforces
 */
export function assertReached(handlers: DiscoveredHandlers): DiscoveredHandler[] {
  const fieldsAreGuarded = handlers.fieldsAreGuarded();
  const gatewaysAreGuarded = handlers.gatewaysAreGuarded();
  return handlers.all().filter((handler) => {
    if (isField(handler) && !fieldsAreGuarded) {
      assertFieldRequiresNothing(handler);
      return isPublic(handler);
    }
    if (handler.kind === 'ws' && !gatewaysAreGuarded) {
      assertGuardIsBound(handler, handlers);
    }
    if (handler.kind === 'rpc') {
      assertGuardIsNotReplaced(handler, handlers);
    }
    return true;
  });
}

/**
 * Checks the bound guards if no guard is bound globally. Each handler with a decorator, or at the path of an
 * `@McpEndpoint()`, must have the guard bound to it or to its class, unless it is `@Public()`. For any other handler
 * the application decides.
 *
 * @throws McpAuthConfigurationError naming a handler for which no guard runs
 */
export function assertBound(handlers: DiscoveredHandlers, siblings: McpSiblings): void {
  const fieldsAreGuarded = handlers.fieldsAreGuarded();
  for (const handler of handlers.all()) {
    const isOpen = handler.kind === 'mcp' || isPublic(handler);
    const reason = isOpen ? undefined : reasonToGuard(handler, siblings);
    if (reason === undefined) {
      continue;
    }
    if (isField(handler) && !fieldsAreGuarded) {
      assertFieldRequiresNothing(handler);
    }
    assertGuardIsNotReplaced(handler, handlers);
    if (!hasGuardOfItsOwn(handler, handlers)) {
      throw new McpAuthConfigurationError(
        `${nameOf(handler)} ${reason}, but no guard runs for it: the module was registered with guard: false. Add @UseGuards(BearerAuthGuard) to it or to ${handler.controller.name}, or mark it @Public().`,
      );
    }
  }
}

/**
 * Checks that the guard is bound to a message handler with a decorator that needs a token, or to its class. In
 * a hybrid application, it is possible that a microservice does not inherit the global guards. Then no guard
 * would run at all. The bound guard should be a subclass: BearerAuthGuard itself rejects every message, since it
 * finds no token.
 */
function assertTokenCanBeRead(handler: DiscoveredHandler, handlers: DiscoveredHandlers): void {
  if (isMarked(handler) && !isPublic(handler) && !hasGuardOfItsOwn(handler, handlers)) {
    throw new McpAuthConfigurationError(
      `${nameOf(handler)} is called by messages and needs a token, but BearerAuthGuard does not know where a message has its token; bind a subclass that overrides getRequest(), or mark the handler @Public().`,
    );
  }
}

/**
 * Checks that an instance does not replace the guarded method of a handler. Nest takes the guards of a route
 * or a message from the function that it calls.
 */
function assertGuardIsNotReplaced(handler: DiscoveredHandler, handlers: DiscoveredHandlers): void {
  if (losesItsGuard(handler, handlers)) {
    throw new McpAuthConfigurationError(
      `${nameOf(handler)} is replaced on its instance, bound or wrapped, so Nest does not call the guards of the method; put @UseGuards() on ${handler.controller.name}, or do not replace the method.`,
    );
  }
}

function assertGuardIsBound(handler: DiscoveredHandler, handlers: DiscoveredHandlers): void {
  if (!isPublic(handler) && !hasGuardOfItsOwn(handler, handlers)) {
    throw new McpAuthConfigurationError(
      `${nameOf(handler)} belongs to a gateway, and the installed version of @nestjs/websockets runs no global guard on gateways (version 12 does); add @UseGuards(BearerAuthGuard) and @UseInterceptors(AuthInfoInterceptor) to ${handler.controller.name}, or mark the handler @Public().`,
    );
  }
}

function isField({ kind }: DiscoveredHandler): boolean {
  return kind === 'field' || kind === 'reference';
}

/** Returns why a handler needs a guard, or `undefined` if neither the handler nor its path needs one. */
function reasonToGuard(handler: DiscoveredHandler, siblings: McpSiblings): string | undefined {
  if (isMarked(handler)) {
    return `has ${namesOf(handler)}`;
  }
  const endpoint = handler.kind === 'http' ? siblings.endpointBeside(handler) : undefined;
  return endpoint !== undefined && isMarked(endpoint)
    ? `answers at the path of ${nameOf(endpoint)}, which has @McpEndpoint()`
    : undefined;
}

function namesOf(handler: DiscoveredHandler): string {
  const decorators = protectingDecoratorsOf(handler);
  return decorators.length > 0 ? decorators.join(' and ') : '@OptionalAuth()';
}

/**
 * Checks a resolver on which no guard runs. A field resolver is called after a guarded root resolver, but no
 * guard would enforce its own requirements, so it must have none. A reference resolver is called by
 * `_entities`, on which no guard runs either, so it must be `@Public()`.
 */
function assertFieldRequiresNothing(field: DiscoveredHandler): void {
  if (isPublic(field)) {
    return;
  }
  if (field.kind === 'reference') {
    throw new McpAuthConfigurationError(
      `${nameOf(field)} is a reference resolver, and GraphQL runs no guard on it, nor on the query "_entities" that calls it. ${GUARD_FIELDS}; or mark it @Public().`,
    );
  }
  const decorators = protectingDecoratorsOf(field);
  if (decorators.length > 0) {
    throw new McpAuthConfigurationError(
      `${nameOf(field)} is a field resolver with ${decorators.join(' and ')}, and GraphQL runs no guard on it. ${GUARD_FIELDS}; or mark it @Public().`,
    );
  }
}
