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

/** The arguments of the messages that a {@link BearerAuthGuard} has been asked about. */
const asked = new WeakSet<readonly unknown[]>();

/** Tells the fence that the guard has come to this call, if it is a message. */
export function noteGuard(context: ExecutionContext): void {
  if (context.getType() === 'rpc') {
    asked.add(context.getArgs());
  }
}

/** The functions of a class that take messages without a token: any other may be one in the place of a method. */
const open = new WeakMap<object, ReadonlySet<unknown>>();

/** Refuses messages that no {@link BearerAuthGuard} was asked about. */
const fence: NestInterceptor = {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const isOpen = open.get(context.getClass())?.has(context.getHandler()) ?? false;
    if (context.getType() === 'rpc' && !isOpen && !asked.has(context.getArgs())) {
      throw new McpAuthConfigurationError(
        `${handlerName(context)} asks for a token, or is in the place of a method that may, and no BearerAuthGuard came to this message: the microservice was connected without inheritAppConfig, so that it has no global guards, or the method was replaced on its instance. Connect it with { inheritAppConfig: true }, or add @UseGuards() with the subclass to the class.`,
      );
    }
    return next.handle();
  },
};

/**
 * Binds a fence to the classes of message handlers that ask for a token. Whether the microservice that calls
 * them inherits the global guards cannot be told at start-up, nor which functions a class that is made for
 * each request will have: what stands on the class holds for them too. In the constructor, since the handlers
 * are bound when the microservice is connected, before any hook runs.
 */
@Injectable()
export class MessageFence {
  constructor(handlers: DiscoveredHandlers) {
    const messages = handlers.all().filter(({ kind }) => kind === 'rpc');
    for (const { controller } of messages.filter(asksForToken)) {
      const others = messages.filter(
        (handler) => handler.controller === controller && !asksForToken(handler),
      );
      open.set(controller, new Set(others.map(functionOf)));
      bindFirst(fence, controller);
    }
  }
}

function asksForToken(handler: DiscoveredHandler): boolean {
  return isMarked(handler) && !isPublic(handler);
}

function functionOf({ controller, method }: DiscoveredHandler): unknown {
  return (controller.prototype as Record<string, unknown>)[method];
}
