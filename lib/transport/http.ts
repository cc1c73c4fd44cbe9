import type { AuthenticatedRequest } from './authenticated-request.js';
import type { Transport } from './transport.js';

/** The key under which Nest stores the path of a route. */
const ROUTE_PATH = 'path';

/** The transport of controllers. When the guard rejects a request, Nest's exception filter sends the response. */
export const http: Transport = {
  type: 'http',
  handlersOf: 'controllers',
  store: 'opened',
  kindOf: (_type, method) => (Reflect.hasMetadata(ROUTE_PATH, method) ? 'http' : undefined),
  getRequest: (context) => context.switchToHttp().getRequest<AuthenticatedRequest>(),
  getResponse: (context) => context.switchToHttp().getResponse<unknown>(),
  toError: (rejection) => rejection,
};
