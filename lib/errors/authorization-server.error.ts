import { escaped } from './escaped.js';
import { McpAuthError } from './mcp-auth.error.js';

/** Of a message: a document of a server holds anything. */
const MAX_LENGTH = 2000;

/**
 * Something is the matter with the authorization server, not with the token.
 *
 * The guard answers any such error with 503 `temporarily_unavailable`, without a challenge: a
 * client that logged in again would gain nothing.
 */
export abstract class AuthorizationServerError extends McpAuthError {
  /** @param message - it may hold what a server has sent: it is escaped, and cut at 2000 characters */
  constructor(message: string, options?: ErrorOptions) {
    super(escaped(message, MAX_LENGTH), options);
  }
}

/** The authorization server could not be reached, or did not answer in time or in bounds. */
export class AuthorizationServerUnavailableError extends AuthorizationServerError {
  readonly code = 'authorization_server_unavailable';

  constructor(
    message: string,
    /** After how many seconds another attempt makes sense; sent as `Retry-After`. */
    readonly retryAfter = 5,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * The authorization server answered with a metadata document or a JWK Set that must not be used:
 * not JSON, without a required member, or of another issuer (RFC 8414, section 3.3).
 */
export class InvalidAuthorizationServerMetadataError extends AuthorizationServerError {
  readonly code = 'invalid_authorization_server_metadata';
}

/**
 * The authorization server did not say whether a token is active (RFC 7662), and would not when asked
 * again: it refused the credentials of this application, or answered what is no introspection response,
 * or its introspection endpoint is not known.
 */
export class IntrospectionFailedError extends AuthorizationServerError {
  readonly code = 'introspection_failed';
}
