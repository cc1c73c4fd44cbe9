import { setCallerOfRequest } from '../auth-info/auth-info.context.js';
import type { Exchange } from './exchange.js';

/**
 * Attaches the caller to the request, for all code that runs after the guard. This happens before the
 * scopes are checked, so that an exception filter can see whose request was rejected.
 */
export function attachCaller({ caller, request, node, policy }: Exchange): void {
  if (caller === undefined) {
    return;
  }
  request.auth = caller;
  if (node !== request) {
    // On Fastify the MCP SDK's transports get Node's own request.
    node.auth = caller;
  }
  setCallerOfRequest(caller, node);
  policy.mcp?.passCaller(caller, request, node);
}
