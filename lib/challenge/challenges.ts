import type { InvalidTokenError, InvalidTokenReason } from '../errors/invalid-token.error.js';
import {
  InsufficientScopeException,
  InvalidRequestException,
  InvalidTokenException,
  MissingTokenException,
  type ResponseHeaders,
} from './bearer-auth.exception.js';
import { bearerChallenge } from './www-authenticate.js';

const INSUFFICIENT_SCOPE = 'The access token lacks a scope that this operation needs.';

/** The refusals of one handler, all naming where its metadata is and which scopes it needs. */
export class Challenges {
  private readonly missing: ResponseHeaders;
  private readonly insufficient: ResponseHeaders;
  private readonly invalid = new Map<InvalidTokenReason, ResponseHeaders>();

  constructor(
    private readonly resourceMetadata: string,
    private readonly scope: readonly string[],
  ) {
    this.missing = this.headers();
    this.insufficient = this.headers('insufficient_scope', INSUFFICIENT_SCOPE);
  }

  missingToken(): MissingTokenException {
    return new MissingTokenException(this.missing);
  }

  invalidRequest(description: string): InvalidRequestException {
    return new InvalidRequestException(description, this.headers('invalid_request', description));
  }

  invalidToken(error: InvalidTokenError): InvalidTokenException {
    const known = this.invalid.get(error.reason);
    const headers = known ?? this.headers(error.code, error.message);
    this.invalid.set(error.reason, headers);
    return new InvalidTokenException(error.message, headers, error);
  }

  insufficientScope(): InsufficientScopeException {
    return new InsufficientScopeException(INSUFFICIENT_SCOPE, this.insufficient, this.scope);
  }

  private headers(error?: string, errorDescription?: string): ResponseHeaders {
    const { resourceMetadata, scope } = this;
    return {
      'WWW-Authenticate': bearerChallenge({ error, errorDescription, resourceMetadata, scope }),
    };
  }
}
