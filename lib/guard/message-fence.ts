import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { DiscoveredHandlers } from '../policy/discovery/discovered-handlers.js';
import { isMarked, isPublic } from '../policy/is-marked.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { handlerName } from '../transport/transport.js';

/** The key under which Nest keeps what `@UseGuards()` was given. */
const GUARDS = '__guards__';

/** The arguments of the messages that a {@link BearerAuthGuard} has been asked about. */
const asked = new WeakSet<readonly unknown[]>();

/** Tells the fence that the guard has come to this call, if it is a message. */
export function noteGuard(context: ExecutionContext): void {
  if (context.getType() === 'rpc') {
    asked.add(context.getArgs());
  }
}

/** Refuses messages that no {@link BearerAuthGuard} was asked about. */
const fence: CanActivate = {
  canActivate(context: ExecutionContext): boolean {
    if (context.getType() === 'rpc' && !asked.has(context.getArgs())) {
      throw new McpAuthConfigurationError(
        `${handlerName(context)} asks for a token, and no BearerAuthGuard came to this message: the microservice was connected without inheritAppConfig, so that it has no global guards. Connect it with { inheritAppConfig: true }, or add @UseGuards() with the subclass to the handler.`,
      );
    }
    return true;
  },
};

/** Whether a guard is the fence, which stands on message handlers that ask for a token. */
export function isFence(guard: unknown): boolean {
  return guard === fence;
}

/**
 * Binds a fence to the message handlers that ask for a token. Whether the microservice that calls them
 * inherits the global guards cannot be told at start-up. In the constructor, since the handlers are bound
 * when the microservice is connected, before any hook runs.
 */
@Injectable()
export class MessageFence {
  constructor(handlers: DiscoveredHandlers) {
    for (const handler of handlers.all()) {
      if (handler.kind === 'rpc' && isMarked(handler) && !isPublic(handler)) {
        bind((handler.controller.prototype as Record<string, object>)[handler.method]);
      }
    }
  }
}

function bind(implementation: object | undefined): void {
  const guards = (implementation && Reflect.getMetadata(GUARDS, implementation)) as
    unknown[] | undefined;
  if (implementation !== undefined && !guards?.includes(fence)) {
    Reflect.defineMetadata(GUARDS, [...(guards ?? []), fence], implementation);
  }
}
