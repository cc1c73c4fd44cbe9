import type { AuthenticatedRequest } from './authenticated-request.js';
import type { Transport } from './transport.js';

/** Controllers: an exception filter of Nest makes the answer. */
export const http: Transport = {
  store: 'opened',
  getRequest: (context) => context.switchToHttp().getRequest<AuthenticatedRequest>(),
  getResponse: (context) => context.switchToHttp().getResponse<unknown>(),
  toError: (rejection) => rejection,
};
