import { HttpException } from '@nestjs/common';
import { suspendStackTraces } from '../errors/stack-traces.js';
import { errorDescription } from './error-description.js';

/** Response header fields, by name. */
export type ResponseHeaders = Readonly<Record<string, string>>;

/**
 * The base class of the guard's rejections with 400, 401, 403 and 503, for an exception filter of your own
 * (`@Catch(BearerAuthException)`). In a gateway or a microservice, the guard throws a `WsException` or an
 * `RpcException` that has this exception as its `cause`. The response body is `{"error",
 * "error_description"}`. The exception has no stack trace.
 */
export abstract class BearerAuthException extends HttpException {
  constructor(
    status: number,
    /** The `error` of the body, such as `invalid_token` (RFC 6750, section 3.1). */
    readonly code: string,
    description: string,
    /** The header fields of the response. The guard sets them before it throws, so a filter need not set them. */
    readonly headers: ResponseHeaders,
    options?: { cause?: unknown },
  ) {
    const resumeStackTraces = suspendStackTraces();
    const text = errorDescription(description);
    super({ error: code, error_description: text }, status, options);
    resumeStackTraces();
    this.message = text;
    this.name = new.target.name;
  }
}

/** A 401 without an error code in the challenge: the request has no token (RFC 6750, section 3). */
export class MissingTokenException extends BearerAuthException {
  constructor(headers: ResponseHeaders) {
    super(401, 'unauthorized', 'This resource needs an access token.', headers);
  }
}

/**
 * A 400: the request presents its token in a way that cannot be read, or the body of an MCP request is not
 * valid.
 */
export class InvalidRequestException extends BearerAuthException {
  constructor(description: string, headers: ResponseHeaders) {
    super(400, 'invalid_request', description, headers);
  }
}

/** A 401: the token is not valid. `cause` is the {@link InvalidTokenError}. */
export class InvalidTokenException extends BearerAuthException {
  constructor(description: string, headers: ResponseHeaders, cause: unknown) {
    super(401, 'invalid_token', description, headers, { cause });
  }
}

/** A 401: the DPoP proof is not valid. `cause` is the {@link InvalidDpopProofError}. */
export class InvalidDpopProofException extends BearerAuthException {
  constructor(description: string, headers: ResponseHeaders, cause: unknown) {
    super(401, 'invalid_dpop_proof', description, headers, { cause });
  }
}

/** A 401: the client must try again with the nonce in `DPoP-Nonce` (RFC 9449, section 9). */
export class DpopNonceRequiredException extends BearerAuthException {
  constructor(
    description: string,
    headers: ResponseHeaders,
    /** The value of `DPoP-Nonce`. */
    readonly nonce: string,
  ) {
    super(401, 'use_dpop_nonce', description, { ...headers, 'DPoP-Nonce': nonce });
  }
}

/**
 * A 403: the token is valid, but lacks scopes that the operation needs. `cause` is the
 * {@link InsufficientScopeError}, which has the scopes of the token.
 */
export class InsufficientScopeException extends BearerAuthException {
  constructor(
    description: string,
    headers: ResponseHeaders,
    /** All scopes that the operation needs, including those that the token has. */
    readonly requiredScopes: readonly string[],
    cause?: unknown,
  ) {
    super(403, 'insufficient_scope', description, headers, { cause });
  }
}

/**
 * A 403 without a challenge, because more scopes would not help. The caller does not meet a condition, the
 * endpoint does not offer the operation, or calls from this web page or under this host name are not allowed. If
 * a condition is not met, `cause` is the {@link UnmetConditionError}.
 */
export class AccessDeniedException extends BearerAuthException {
  constructor(description: string, options?: { cause?: unknown }) {
    super(403, 'access_denied', description, {}, options);
  }
}

/** A 503: the token cannot be verified, or the request cannot be authorized, at the moment. `cause` says why. */
export class TemporarilyUnavailableException extends BearerAuthException {
  /** The number of seconds after which to try again: a whole number from 1 to 86,400 (a day). */
  readonly retryAfter: number;

  constructor(retryAfter: number, cause: unknown) {
    const seconds = wholeSeconds(retryAfter);
    super(
      503,
      'temporarily_unavailable',
      'The access token cannot be verified at the moment.',
      { 'Retry-After': String(seconds) },
      { cause },
    );
    this.retryAfter = seconds;
  }
}

/** Returns `delay-seconds` (RFC 9110, section 10.2.3), whatever number an application's own verifier gave. */
function wholeSeconds(seconds: number): number {
  return Number.isFinite(seconds) ? Math.min(Math.max(Math.ceil(seconds), 1), 86_400) : 5;
}
