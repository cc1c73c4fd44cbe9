import type { ExecutionContext } from '@nestjs/common';
import { assertOwnStore, attachStore } from '../auth-info/auth-info.context.js';
import { isIntercepted } from '../handler/interceptors.js';
import type { NodeRequest } from '../transport/authenticated-request.js';
import { transportOf } from '../transport/transports.js';

/**
 * Checks that this code runs in the store of its own request. Where interceptors may take the handler out
 * of it, the request keeps the store, so that the handler is given it again.
 *
 * @throws McpAuthConfigurationError if it runs in another request's store
 */
export function enterOwnStore(request: NodeRequest, context: ExecutionContext): void {
  const { store } = transportOf(context);
  assertOwnStore(request, store);
  if (store === 'opened' && isIntercepted(context.getHandler())) {
    attachStore(request);
  }
}
