import { currentResponse } from '../auth-info/auth-info.context.js';
import { requestOfOperation } from '../handler/graphql-context.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import type { AuthenticatedRequest } from './authenticated-request.js';
import { rejectionDetails } from './rejection-details.js';
import { resolverKind } from './resolvers.js';
import { handlerName, type Transport } from './transport.js';

/**
 * The transport of resolvers. A rejection is an entry of `errors`, with the code and the challenge as
 * extensions.
 */
export const graphql: Transport = {
  type: 'graphql',
  handlersOf: 'providers',
  store: 'optional',
  kindOf: resolverKind,
  getRequest(context) {
    const found = requestOfOperation(context.getArgs());
    if (found === undefined) {
      throw new McpAuthConfigurationError(
        `The GraphQL context of ${handlerName(context)} holds no request; let the "context" option of the GraphQLModule return the request as "req".`,
      );
    }
    return found as AuthenticatedRequest;
  },
  /** Returns the response of the current request, because the GraphQL context seldom has it. */
  getResponse: () => currentResponse(),
  toError: (rejection) => {
    const { error, challenge } = rejectionDetails(rejection);
    return Object.assign(rejection, { extensions: { code: error, challenge } });
  },
};
