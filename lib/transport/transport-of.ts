import type { ExecutionContext } from '@nestjs/common';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { graphql } from './graphql.js';
import { http } from './http.js';
import { rpc } from './rpc.js';
import { handlerName, type Transport } from './transport.js';
import { websocket } from './websocket.js';

const TRANSPORTS = new Map<string, Transport>([
  ['http', http],
  ['graphql', graphql],
  ['ws', websocket],
  ['rpc', rpc],
]);

/** A kind that is not known: nobody is let in, unless a subclass of the guard knows the request. */
const unknown: Transport = {
  store: 'none',
  getRequest(context) {
    throw new McpAuthConfigurationError(
      `${handlerName(context)} is called by ${context.getType()}, which BearerAuthGuard does not know; override getRequest() in a subclass, or mark the handler @Public().`,
    );
  },
  getResponse: () => undefined,
  toError: (rejection) => rejection,
};

export function transportOf(context: ExecutionContext): Transport {
  return TRANSPORTS.get(context.getType()) ?? unknown;
}
