import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { rejectionDetails } from './rejection-details.js';
import { handlerName, type Transport } from './transport.js';

/** Microservices: where a message has its token is for the application to say. */
export const rpc: Transport = {
  store: 'none',
  getRequest(context) {
    throw new McpAuthConfigurationError(
      `${handlerName(context)} asks for a token and is called by a message, which has no header for one: say in a subclass of BearerAuthGuard, with getRequest(), where it is; or mark the handler @Public().`,
    );
  },
  getResponse: () => undefined,
  async toError(rejection) {
    const { RpcException } = await import('@nestjs/microservices');
    return Object.assign(new RpcException(rejectionDetails(rejection)), { cause: rejection });
  },
};
