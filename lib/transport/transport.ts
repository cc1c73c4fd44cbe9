import type { ExecutionContext } from '@nestjs/common';
import type { StoreOfRequest } from '../auth-info/auth-info.context.js';
import type { BearerAuthException } from '../challenge/bearer-auth.exception.js';
import type { AuthenticatedRequest } from './authenticated-request.js';

/** How the handlers of one kind come by the request, and how their clients hear of a rejection. */
export interface Transport {
  readonly store: StoreOfRequest;
  /** @throws McpAuthConfigurationError if it cannot be had: rather no answer than one to anybody */
  getRequest(context: ExecutionContext): AuthenticatedRequest;
  /** What header fields are set on; nothing, where an answer has none. */
  getResponse(context: ExecutionContext): unknown;
  /** What to throw for a rejection, so that the client hears of it. */
  toError(rejection: BearerAuthException): Error | Promise<Error>;
}

/** `NotesGateway.list`, as messages name a handler. */
export function handlerName(context: ExecutionContext): string {
  return `${context.getClass().name}.${context.getHandler().name}`;
}
