import {
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { Observable } from 'rxjs';
import { bindFirst } from '../handler/interceptors.js';
import {
  DiscoveredHandlers,
  type DiscoveredHandler,
} from '../policy/discovery/discovered-handlers.js';
import { isMarked, isPublic } from '../policy/is-marked.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { handlerName } from '../transport/transport.js';

/** The arguments of the messages for which a {@link BearerAuthGuard} ran. */
const guarded = new WeakSet<readonly unknown[]>();

/** Records that the guard ran for this call, if it is a message. */
export function recordGuardRan(context: ExecutionContext): void {
  if (context.getType() === 'rpc') {
    guarded.add(context.getArgs());
  }
}

/**
 * The functions of each class that accept messages without a token. Any other function counts as requiring a
 * token, because it may have replaced a method that requires a token.
 */
const openFunctions = new WeakMap<object, ReadonlySet<unknown>>();

/** Rejects messages for which no {@link BearerAuthGuard} ran. */
const fence: NestInterceptor = {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const isOpen = openFunctions.get(context.getClass())?.has(context.getHandler()) ?? false;
    if (context.getType() === 'rpc' && !isOpen && !guarded.has(context.getArgs())) {
      throw new McpAuthConfigurationError(
        `${handlerName(context)} requires a token, or replaces a method that may require one, but no BearerAuthGuard ran for this message. Either the microservice was connected without inheritAppConfig, so it has no global guards, or the method was replaced on its instance. Connect it with { inheritAppConfig: true }, or add @UseGuards() with your subclass of BearerAuthGuard to ${context.getClass().name}.`,
      );
    }
    return next.handle();
  },
};

/**
 * Binds the interceptor `fence` to the classes of message handlers that require a token. It is not known at
 * start-up whether the microservice that calls them inherits the global guards. The functions of a
 * request-scoped class are not known either, but an interceptor of the class also runs before these functions.
 * The constructor binds the interceptor, because Nest binds message handlers when the microservice is connected,
 * before any hook runs.
 */
@Injectable()
export class MessageFence {
  constructor(handlers: DiscoveredHandlers) {
    const messages = handlers.all().filter(({ kind }) => kind === 'rpc');
    for (const { controller } of messages.filter(requiresToken)) {
      const others = messages.filter(
        (handler) => handler.controller === controller && !requiresToken(handler),
      );
      openFunctions.set(controller, new Set(others.map(functionOf)));
      bindFirst(fence, controller);
    }
  }
}

function requiresToken(handler: DiscoveredHandler): boolean {
  return isMarked(handler) && !isPublic(handler);
}

function functionOf({ controller, method }: DiscoveredHandler): unknown {
  return (controller.prototype as Record<string, unknown>)[method];
}
