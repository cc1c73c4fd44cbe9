import { rejectionDetails } from './rejection-details.js';
import type { AuthenticatedRequest } from './authenticated-request.js';
import type { Transport } from './transport.js';

/** Jobs of a queue, which carry the header fields of who queued them. */
export const queue: Transport = {
  type: 'queue',
  handlersOf: 'providers',
  store: 'none',
  kindOf: (_type, method) => (Reflect.hasMetadata('queue:processor', method) ? 'rpc' : undefined),
  getRequest: (context) => context.getArgByIndex<AuthenticatedRequest>(0),
  getResponse: () => undefined,
  toError: (rejection) => Object.assign(rejection, { job: rejectionDetails(rejection) }),
};
