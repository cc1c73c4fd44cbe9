import { McpAuthError } from './mcp-auth.error.js';

/**
 * An error for a `store` that is unavailable, did not answer in time, or is full. `cause` is the error
 * that the store threw.
 *
 * The guard answers it with 503 `temporarily_unavailable`, without a challenge. Without the store, it cannot
 * know if a proof was used before, or if a token is revoked.
 */
export class StateStoreUnavailableError extends McpAuthError {
  readonly code = 'state_store_unavailable';
}
