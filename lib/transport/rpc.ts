import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { rejectionDetails } from './rejection-details.js';
import { handlerName, type Transport } from './transport.js';

/**
 * The key of Nest's metadata of a message handler. It is written out here because Nest's package is optional.
 */
const MESSAGE_PATTERN = 'microservices:pattern';

/** The transport of microservices. Only the application knows where a message has its token. */
export const rpc: Transport = {
  type: 'rpc',
  handlersOf: 'controllers',
  store: 'none',
  kindOf: (_type, method) => (Reflect.hasMetadata(MESSAGE_PATTERN, method) ? 'rpc' : undefined),
  getRequest(context) {
    throw new McpAuthConfigurationError(
      `${handlerName(context)} requires a token and is called by a message, which has no header for the token. Override getRequest() in a subclass of BearerAuthGuard to say where the token is, or mark the handler @Public().`,
    );
  },
  getResponse: () => undefined,
  async toError(rejection) {
    const { RpcException } = await import('@nestjs/microservices');
    return Object.assign(new RpcException(rejectionDetails(rejection)), { cause: rejection });
  },
};
