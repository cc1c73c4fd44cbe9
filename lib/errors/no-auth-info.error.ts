import { McpAuthError } from './mcp-auth.error.js';

/**
 * A member of the injected {@link AuthInfo} was read where there is no authenticated caller:
 * outside a request, on a `@Public()` handler, by an anonymous caller of an `@OptionalAuth()`
 * handler, or before the guard ran.
 */
export class NoAuthInfoError extends McpAuthError {
  readonly code = 'no_auth_info';
}
