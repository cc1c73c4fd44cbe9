import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import type { CredentialsSource } from './authenticated-request.js';
import { rejectionDetails } from './rejection-details.js';
import { handlerName, type Transport } from './transport.js';

/** The keys of Nest's metadata of gateways. They are written out here because Nest's package is optional. */
const IS_GATEWAY = 'websockets:is_gateway';
const IS_SUBSCRIBER = 'websockets:message_mapping';

/**
 * A connected client. With socket.io it has the request of its handshake, with `ws` only if the gateway set
 * it.
 */
interface Client {
  request?: Partial<CredentialsSource>;
}

/** The transport of gateways. The token is that of the handshake, and a rejection is an `exception` event. */
export const websocket: Transport = {
  type: 'ws',
  handlersOf: 'providers',
  store: 'none',
  kindOf: (type, method) =>
    Reflect.hasMetadata(IS_GATEWAY, type) && Reflect.hasMetadata(IS_SUBSCRIBER, method)
      ? 'ws'
      : undefined,
  getRequest(context) {
    const ws = context.switchToWs();
    const { headers, rawHeaders, socket } = ws.getClient<Client>().request ?? {};
    if (typeof headers !== 'object') {
      throw new McpAuthConfigurationError(
        `The client of ${handlerName(context)} has no request of its handshake; set it in the gateway's handleConnection(client, request): client.request = request.`,
      );
    }
    // A new object for each message, because the caller that is set on it belongs to this message only.
    return { headers, rawHeaders, socket, body: ws.getData<unknown>() };
  },
  getResponse: () => undefined,
  async toError(rejection) {
    const { WsException } = await import('@nestjs/websockets');
    return Object.assign(new WsException(rejectionDetails(rejection)), { cause: rejection });
  },
};
