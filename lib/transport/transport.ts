import type { ExecutionContext, Type } from '@nestjs/common';
import type { StoreOfRequest } from '../auth-info/auth-info.context.js';
import type { BearerAuthException } from '../challenge/bearer-auth.exception.js';
import type { Method } from '../handler/handler.js';
import type { AuthenticatedRequest } from './authenticated-request.js';

/**
 * The way in which Nest calls a handler. `field` is a field resolver, and `reference` a reference resolver of a
 * federated schema. GraphQL runs guards on `field` and `reference` only if its options say so.
 */
export type HandlerKind = 'http' | 'graphql' | 'field' | 'reference' | 'ws' | 'rpc';

/** A way in which Nest calls handlers: how to find them, how to get their request, and how to reject it. */
export interface Transport {
  /** The value of `ExecutionContext.getType()`. */
  readonly type: string;
  /** The kind of classes that have the handlers. */
  readonly handlersOf: 'controllers' | 'providers';
  readonly store: StoreOfRequest;
  /** Returns the kind of a handler, or `undefined` if this transport does not call the method. */
  kindOf(type: Type, method: Method, name: string): HandlerKind | undefined;
  /** @throws McpAuthConfigurationError if there is no request; no caller is let in then */
  getRequest(context: ExecutionContext): AuthenticatedRequest;
  /** Returns the response on which header fields are set, or `undefined` if there is none. */
  getResponse(context: ExecutionContext): unknown;
  /** Returns the error to throw for a rejection, in a form that reaches the client. */
  toError(rejection: BearerAuthException): Error | Promise<Error>;
}

/** Returns the name of a handler for error messages, such as `NotesGateway.list`. */
export function handlerName(context: ExecutionContext): string {
  return `${context.getClass().name}.${context.getHandler().name}`;
}
