import type { ExecutionContext, Type } from '@nestjs/common';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import type { Method } from '../handler/handler.js';
import { graphql } from './graphql.js';
import { http } from './http.js';
import { rpc } from './rpc.js';
import { handlerName, type HandlerKind, type Transport } from './transport.js';
import { websocket } from './websocket.js';

/** All transports that the guard knows. */
const TRANSPORTS: readonly Transport[] = [http, rpc, graphql, websocket];

const byType = new Map(TRANSPORTS.map((transport) => [transport.type, transport]));

/**
 * The transport for types that are not listed. A handler that is not `@Public()` fails there, unless a subclass
 * of the guard overrides `getRequest()`.
 */
const unknown: Omit<Transport, 'type' | 'handlersOf' | 'kindOf'> = {
  store: 'none',
  getRequest(context) {
    throw new McpAuthConfigurationError(
      `${handlerName(context)} is called by ${context.getType()}, a transport that BearerAuthGuard does not know; override getRequest() in a subclass, or mark the handler @Public().`,
    );
  },
  getResponse: () => undefined,
  toError: (rejection) => rejection,
};

/** The part of a transport that handles a call. */
export type CallTransport = typeof unknown;

/** Returns the transport by which Nest calls a handler. */
export function transportOf(context: ExecutionContext): CallTransport {
  return byType.get(context.getType()) ?? unknown;
}

/** Returns the kinds of a handler: a method may be a route and a message handler, for instance. */
export function kindsOf(
  handlersOf: Transport['handlersOf'],
  type: Type,
  method: Method,
  name: string,
): HandlerKind[] {
  return TRANSPORTS.filter((transport) => transport.handlersOf === handlersOf).flatMap(
    (transport) => transport.kindOf(type, method, name) ?? [],
  );
}
