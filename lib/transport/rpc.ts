import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { rejectionDetails } from './rejection-details.js';
import { handlerName, type Transport } from './transport.js';

/** The key of Nest's own metadata of a message's handler. Its packages are optional, so they are not asked for it. */
const MESSAGE_PATTERN = 'microservices:pattern';

/** Microservices: where a message has its token is for the application to say. */
export const rpc: Transport = {
  type: 'rpc',
  handlersOf: 'controllers',
  store: 'none',
  kindOf: (_type, method) => (Reflect.hasMetadata(MESSAGE_PATTERN, method) ? 'rpc' : undefined),
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
