import { escaped } from './escaped.js';
import { McpAuthError } from './mcp-auth.error.js';

/** The maximum length of a message. It may contain text from a server, which can be of any length. */
const MAX_LENGTH = 2000;

/**
 * An error for a problem with the authorization server, or with a function of the application that has to name
 * a server or a tenant. The token is not to blame.
 *
 * The guard answers it with 503 `temporarily_unavailable`, without a challenge: a new login would not
 * help the client.
 */
export abstract class AuthorizationServerError extends McpAuthError {
  /** @param message - may contain text from the server: it is escaped, and cut after 2000 characters */
  constructor(message: string, options?: ErrorOptions) {
    super(escaped(message, MAX_LENGTH), options);
  }
}

/**
 * An error for an authorization server that could not be reached, answered too late, or answered 429 or 5xx.
 * Another attempt may succeed. It is also the error for a function of the application that gave no result in
 * time, and for a limit that was reached: too many lookups or too many requests at once.
 */
export class AuthorizationServerUnavailableError extends AuthorizationServerError {
  readonly code = 'authorization_server_unavailable';

  constructor(
    message: string,
    /** The number of seconds after which another attempt makes sense; sent as `Retry-After`. */
    readonly retryAfter = 5,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * An error for an answer of an authorization server that must not be used, such as a metadata document or a JWK
 * Set. For example, it is too large, is not JSON, lacks a required member, or names another issuer (RFC 8414,
 * section 3.3).
 */
export class InvalidAuthorizationServerMetadataError extends AuthorizationServerError {
  readonly code = 'invalid_authorization_server_metadata';
}

/**
 * An error for an authorization server that did not say whether a token is active (RFC 7662), where another
 * attempt would not help. The server rejected the credentials of this application, sent something other than an
 * introspection response, or has no known introspection endpoint.
 */
export class IntrospectionFailedError extends AuthorizationServerError {
  readonly code = 'introspection_failed';
}
