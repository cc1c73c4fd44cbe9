import type { AuthenticatedRequest } from './authenticated-request.js';
import type { Transport } from './transport.js';

/** The key of Nest's own metadata of a route. */
const ROUTE_PATH = 'path';

/** Controllers: an exception filter of Nest makes the answer. */
export const http: Transport = {
  type: 'http',
  handlersOf: 'controllers',
  store: 'opened',
  kindOf: (_type, method) => (Reflect.hasMetadata(ROUTE_PATH, method) ? 'http' : undefined),
  getRequest: (context) => context.switchToHttp().getRequest<AuthenticatedRequest>(),
  getResponse: (context) => context.switchToHttp().getResponse<unknown>(),
  toError: (rejection) => rejection,
};
