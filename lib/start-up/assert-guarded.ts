import type {
  DiscoveredHandler,
  DiscoveredHandlers,
} from '../policy/discovery/discovered-handlers.js';
import { nameOf } from '../handler/handler.js';
import { protectingDecoratorsOf, isMarked, isPublic } from '../policy/is-marked.js';
import type { McpSiblings } from '../policy/mcp-siblings.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { hasGuardOfItsOwn, losesItsGuard } from './bound-guards.js';

/** The remedy where GraphQL runs no guard. */
export const GUARD_FIELDS =
  "Add fieldResolverEnhancers: ['guards', 'interceptors'] to the options of the GraphQLModule";

/**
 * Returns the handlers that a global guard protects.
 *
 * @throws McpAuthConfigurationError naming one that asks for what no guard sees to
 */
export function assertGuarded(handlers: DiscoveredHandlers): DiscoveredHandler[] {
  const guarded = assertReached(handlers);
  guarded
    .filter(({ kind }) => kind === 'rpc')
    .forEach((handler) => {
      assertTokenIsSought(handler, handlers);
    });
  return guarded.filter(
    (handler) => handler.kind !== 'mcp' && (handler.kind !== 'rpc' || isMarked(handler)),
  );
}

/**
 * Returns the handlers that Nest calls a global guard for.
 *
 * @throws McpAuthConfigurationError naming another one, if it asks for what no guard sees to
 */
export function assertReached(handlers: DiscoveredHandlers): DiscoveredHandler[] {
  const fieldsAreGuarded = handlers.fieldsAreGuarded();
  const gatewaysAreGuarded = handlers.gatewaysAreGuarded();
  return handlers.all().filter((handler) => {
    if (isField(handler) && !fieldsAreGuarded) {
      assertNothingAsked(handler);
      return isPublic(handler);
    }
    if (handler.kind === 'ws' && !gatewaysAreGuarded) {
      assertGuardIsBound(handler, handlers);
    }
    if (handler.kind === 'rpc') {
      assertGuardIsKept(handler, handlers);
    }
    return true;
  });
}

/**
 * Checks that each handler with a decorator, or beside an `@McpEndpoint()`, has the guard bound to it, where
 * none is bound globally. Any other is the application's own to decide on.
 *
 * @throws McpAuthConfigurationError naming one that no guard comes to
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
      assertNothingAsked(handler);
    }
    assertGuardIsKept(handler, handlers);
    if (!hasGuardOfItsOwn(handler, handlers)) {
      throw new McpAuthConfigurationError(
        `${nameOf(handler)} ${reason}, and no guard enforces it: the module was registered with guard: false. Add @UseGuards(BearerAuthGuard) to it or to ${handler.controller.name}, or mark it @Public().`,
      );
    }
  }
}

/**
 * The guard as it is knows of no token in a message, and does not even come where a microservice of a
 * hybrid application inherits no global guards: what is asked for would be refused, or given away.
 */
function assertTokenIsSought(handler: DiscoveredHandler, handlers: DiscoveredHandlers): void {
  if (isMarked(handler) && !isPublic(handler) && !hasGuardOfItsOwn(handler, handlers)) {
    throw new McpAuthConfigurationError(
      `${nameOf(handler)} is called by messages and asks for a token, and BearerAuthGuard does not know where a message has one; bind a subclass that says so in getRequest(), or mark the handler @Public().`,
    );
  }
}

/** Nest takes the guards of a route or a message from the function that it calls: an instance may have its own. */
function assertGuardIsKept(handler: DiscoveredHandler, handlers: DiscoveredHandlers): void {
  if (losesItsGuard(handler, handlers)) {
    throw new McpAuthConfigurationError(
      `${nameOf(handler)} is replaced on its instance, bound or wrapped, and Nest calls no guard of the method for what is in its place; put @UseGuards() on ${handler.controller.name}, or leave the method as it is.`,
    );
  }
}

function assertGuardIsBound(handler: DiscoveredHandler, handlers: DiscoveredHandlers): void {
  if (!isPublic(handler) && !hasGuardOfItsOwn(handler, handlers)) {
    throw new McpAuthConfigurationError(
      `${nameOf(handler)} is a gateway's, and the installed version of @nestjs/websockets runs no global guard on gateways (version 12 does); add @UseGuards(BearerAuthGuard) and @UseInterceptors(AuthInfoInterceptor) to ${handler.controller.name}, or mark the handler @Public().`,
    );
  }
}

function isField({ kind }: DiscoveredHandler): boolean {
  return kind === 'field' || kind === 'reference';
}

/** Says what makes a handler one to guard; nothing where neither it nor its path asks for a token. */
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

/** A field is reached from a guarded root. A reference is reached from `_entities`, which nothing guards. */
function assertNothingAsked(field: DiscoveredHandler): void {
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
