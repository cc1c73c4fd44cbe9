import { McpAuthError } from './mcp-auth.error.js';

/**
 * An error for reading a member of the injected {@link AuthInfo} without an authenticated caller. There is
 * no such caller outside a request, in a `@Public()` handler, in an `@OptionalAuth()` handler with an
 * anonymous caller, or before the guard ran. It is also the error for reading the `principal` of a caller without
 * a principal.
 */
export class NoAuthInfoError extends McpAuthError {
  readonly code = 'no_auth_info';
}
