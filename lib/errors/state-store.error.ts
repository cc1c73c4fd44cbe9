import { McpAuthError } from './mcp-auth.error.js';

/**
 * The `store` could not be asked or did not answer in time, or has no room left. `cause` is what it
 * threw.
 *
 * The guard answers it with 503 `temporarily_unavailable`, without a challenge: whether a proof was used
 * before, or a token is revoked, cannot be told now.
 */
export class StateStoreUnavailableError extends McpAuthError {
  readonly code = 'state_store_unavailable';
}
