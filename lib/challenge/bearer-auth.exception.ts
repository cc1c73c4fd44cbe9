import { HttpException } from '@nestjs/common';
import { suspendStackTraces } from '../errors/stack-traces.js';
import { errorDescription } from './error-description.js';

/** Response header fields, by name. */
export type ResponseHeaders = Readonly<Record<string, string>>;

/**
 * The guard refused a request: the base of all its refusals, for an exception filter of your own
 * (`@Catch(BearerAuthException)`). The body is `{"error", "error_description"}`. It has no stack trace.
 */
export abstract class BearerAuthException extends HttpException {
  constructor(
    status: number,
    /** The `error` of the body; for 400, 401 and 403 a code of RFC 6750, section 3.1. */
    readonly code: string,
    description: string,
    /**
     * The header fields of the answer. The guard has set them on the response before it threw, so a
     * filter need not.
     */
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

/** 401 without an error code: the request held no token (RFC 6750, section 3). */
export class MissingTokenException extends BearerAuthException {
  constructor(headers: ResponseHeaders) {
    super(401, 'unauthorized', 'This resource needs an access token.', headers);
  }
}

/** 400: the request presents its token in a way that cannot be read. */
export class InvalidRequestException extends BearerAuthException {
  constructor(description: string, headers: ResponseHeaders) {
    super(400, 'invalid_request', description, headers);
  }
}

/** 401: the token is not valid. `cause` is the {@link InvalidTokenError}. */
export class InvalidTokenException extends BearerAuthException {
  constructor(description: string, headers: ResponseHeaders, cause: unknown) {
    super(401, 'invalid_token', description, headers, { cause });
  }
}

/** 401: the DPoP proof is not valid. `cause` is the {@link InvalidDpopProofError}. */
export class InvalidDpopProofException extends BearerAuthException {
  constructor(description: string, headers: ResponseHeaders, cause: unknown) {
    super(401, 'invalid_dpop_proof', description, headers, { cause });
  }
}

/** 401: the client is to try again with the nonce in `DPoP-Nonce` (RFC 9449, section 9). */
export class DpopNonceRequiredException extends BearerAuthException {
  constructor(
    description: string,
    headers: ResponseHeaders,
    /** What `DPoP-Nonce` holds. */
    readonly nonce: string,
  ) {
    super(401, 'use_dpop_nonce', description, { ...headers, 'DPoP-Nonce': nonce });
  }
}

/**
 * 403: the token is valid, but the operation needs scopes that it does not have. `cause` is the
 * {@link InsufficientScopeError}, with the scopes that it has.
 */
export class InsufficientScopeException extends BearerAuthException {
  constructor(
    description: string,
    headers: ResponseHeaders,
    /** All scopes that the operation needs, those that the token has included. */
    readonly requiredScopes: readonly string[],
    cause?: unknown,
  ) {
    super(403, 'insufficient_scope', description, headers, { cause });
  }
}

/**
 * 403 without a challenge: the operation is refused whatever the scopes, so that asking for more would
 * not help. `cause` says what was expected, where that can be said.
 */
export class AccessDeniedException extends BearerAuthException {
  constructor(description: string, options?: { cause?: unknown }) {
    super(403, 'access_denied', description, {}, options);
  }
}

/** 503: whether the token is valid cannot be told now. `cause` says why. */
export class TemporarilyUnavailableException extends BearerAuthException {
  /** After how many seconds to try again: whole ones, at least one and at most a day. */
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

/** `delay-seconds` (RFC 9110, section 10.2.3), whatever a verifier of the user's own said. */
function wholeSeconds(seconds: number): number {
  return Number.isFinite(seconds) ? Math.min(Math.max(Math.ceil(seconds), 1), 86_400) : 5;
}
