import type { ExecutionContext } from '@nestjs/common';
import { assertOwnStore, attachStore } from '../auth-info/auth-info.context.js';
import { isIntercepted } from '../handler/interceptors.js';
import type { NodeRequest } from '../transport/authenticated-request.js';
import { transportOf } from '../transport/transports.js';

/**
 * Checks that this code runs in the asynchronous context of its own request. If the handler has interceptors,
 * they may move the call to another asynchronous context. So the store is saved with the request, and the
 * handler gets it back from there.
 *
 * @throws McpAuthConfigurationError if this code runs in the store of another request, or in no store
 */
export function enterOwnStore(request: NodeRequest, context: ExecutionContext): void {
  const { store } = transportOf(context);
  assertOwnStore(request, store);
  if (store === 'opened' && isIntercepted(context.getHandler())) {
    attachStore(request);
  }
}
