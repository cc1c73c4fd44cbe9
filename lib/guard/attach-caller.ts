import { setCallerOfRequest } from '../auth-info/auth-info.context.js';
import type { Exchange } from './exchange.js';

/**
 * Makes the caller known to whatever comes after the guard. It is done before the scopes are looked at, so
 * that an exception filter can tell whose request was rejected.
 */
export function attachCaller({ caller, request, node, policy }: Exchange): void {
  if (caller === undefined) {
    return;
  }
  request.auth = caller;
  if (node !== request) {
    // On Fastify the SDK's transports are given Node's own request.
    node.auth = caller;
  }
  setCallerOfRequest(caller, node);
  policy.mcp?.passCaller(caller, request, node);
}
