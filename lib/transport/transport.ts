import type { ExecutionContext, Type } from '@nestjs/common';
import type { StoreOfRequest } from '../auth-info/auth-info.context.js';
import type { BearerAuthException } from '../challenge/bearer-auth.exception.js';
import type { Method } from '../handler/handler.js';
import type { AuthenticatedRequest } from './authenticated-request.js';

/**
 * What calls a handler. `field` is a field resolver and `reference` a reference resolver of a federated schema:
 * GraphQL guards them only if it is told to.
 */
export type HandlerKind = 'http' | 'graphql' | 'field' | 'reference' | 'ws' | 'rpc';

/** A way by which Nest calls handlers: how they are found, come by the request, and reject it. */
export interface Transport {
  /** What `ExecutionContext.getType()` says. */
  readonly type: string;
  /** The classes that its handlers are methods of. */
  readonly handlersOf: 'controllers' | 'providers';
  readonly store: StoreOfRequest;
  /** Returns as what Nest calls a method; nothing if it does not call it by this transport. */
  kindOf(type: Type, method: Method, name: string): HandlerKind | undefined;
  /** @throws McpAuthConfigurationError if it cannot be had: rather no answer than one to anybody */
  getRequest(context: ExecutionContext): AuthenticatedRequest;
  /** Returns what header fields are set on; nothing, where an answer has none. */
  getResponse(context: ExecutionContext): unknown;
  /** Returns what to throw for a rejection, so that the client hears of it. */
  toError(rejection: BearerAuthException): Error | Promise<Error>;
}

/** Returns `NotesGateway.list`, as messages name a handler. */
export function handlerName(context: ExecutionContext): string {
  return `${context.getClass().name}.${context.getHandler().name}`;
}
