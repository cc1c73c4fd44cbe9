import type { ExecutionContext } from '@nestjs/common';
import { currentResponse } from '../../auth-info/auth-info.context.js';
import { McpAuthConfigurationError } from '../../errors/configuration.error.js';
import type { AuthenticatedRequest } from '../authenticated-request.js';
import { refusalDetails } from './refusal-details.js';
import { handlerName, type Transport } from './transport.js';

/** What the drivers, or the application's own `context` function, put into a GraphQL context. */
interface GraphqlContext extends Subscription {
  req?: Partial<AuthenticatedRequest> & Subscription;
  request?: Partial<AuthenticatedRequest>;
  reply?: { request?: Partial<AuthenticatedRequest> };
}

/** What graphql-ws keeps of the WebSocket handshake. */
interface Subscription {
  extra?: { request?: Partial<AuthenticatedRequest> };
}

/** Resolvers: the refusal is an entry of `errors`, with the code and the challenge as extensions. */
export const graphql: Transport = {
  store: 'perhaps',
  getRequest(context) {
    const { req, request, reply, extra } = contextOf(context);
    const handshake = extra ?? req?.extra;
    const found = [req, request, reply?.request, handshake?.request].find(isRequest);
    if (found === undefined) {
      throw new McpAuthConfigurationError(
        `The GraphQL context of ${handlerName(context)} holds no request; let the "context" of the GraphQLModule return one as "req".`,
      );
    }
    return found;
  },
  /** Not in the context, as a rule. */
  getResponse: () => currentResponse(),
  toError: (refusal) => {
    const { error, challenge } = refusalDetails(refusal);
    return Object.assign(refusal, { extensions: { code: error, challenge } });
  },
};

/**
 * Returns the GraphQL context. A resolver is called with the parent, the client's arguments, the context
 * and the info; reference resolvers and type resolvers are called without arguments.
 */
function contextOf(context: ExecutionContext): GraphqlContext {
  const hasArguments = isInfo(context.getArgByIndex<unknown>(3));
  return context.getArgByIndex<GraphqlContext | undefined>(hasArguments ? 2 : 1) ?? {};
}

/** Nothing that a client sends is ever in its place. */
function isInfo(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'fieldNodes' in value;
}

function isRequest(
  request: Partial<AuthenticatedRequest> | undefined,
): request is AuthenticatedRequest {
  return typeof request?.headers === 'object';
}
