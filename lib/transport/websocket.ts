import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import type { CredentialsSource } from './authenticated-request.js';
import { rejectionDetails } from './rejection-details.js';
import { handlerName, type Transport } from './transport.js';

/** The keys of Nest's own metadata of gateways. Its packages are optional, so they are not asked for them. */
const IS_GATEWAY = 'websockets:is_gateway';
const IS_SUBSCRIBER = 'websockets:message_mapping';

/** A client of socket.io holds the request of its handshake; one of `ws` only if it was put there. */
interface Client {
  request?: Partial<CredentialsSource>;
}

/** Gateways: the token is the handshake's, and the rejection an `exception` event. */
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
    const { headers, rawHeaders } = ws.getClient<Client>().request ?? {};
    if (typeof headers !== 'object') {
      throw new McpAuthConfigurationError(
        `The client of ${handlerName(context)} does not hold the request of its handshake; put it there in the gateway's handleConnection(client, request): client.request = request.`,
      );
    }
    // One for each message: what is put on it belongs to this message only.
    return { headers, rawHeaders, body: ws.getData<unknown>() };
  },
  getResponse: () => undefined,
  async toError(rejection) {
    const { WsException } = await import('@nestjs/websockets');
    return Object.assign(new WsException(rejectionDetails(rejection)), { cause: rejection });
  },
};
