import type { InvalidTokenError } from '../errors/invalid-token.error.js';
import {
  InsufficientScopeException,
  InvalidRequestException,
  InvalidTokenException,
  MissingTokenException,
  type ResponseHeaders,
} from './bearer-auth.exception.js';
import { bearerChallenge } from './www-authenticate.js';

const INSUFFICIENT_SCOPE = 'The access token lacks a scope that this operation needs.';

/** The refusals of one resource for one set of scopes: each names both. */
export class Challenges {
  private readonly headers = new Map<string | undefined, ResponseHeaders>();

  constructor(
    private readonly resourceMetadata: string,
    private readonly scope: readonly string[],
  ) {}

  /** The refusals for other scopes. */
  for(scope: readonly string[]): Challenges {
    return new Challenges(this.resourceMetadata, scope);
  }

  missingToken(): MissingTokenException {
    return new MissingTokenException(this.headersOf());
  }

  invalidRequest(description: string): InvalidRequestException {
    return new InvalidRequestException(description, this.headersOf('invalid_request', description));
  }

  invalidToken(error: InvalidTokenError): InvalidTokenException {
    const headers = this.headersOf(error.code, error.message);
    return new InvalidTokenException(error.message, headers, error);
  }

  insufficientScope(): InsufficientScopeException {
    const headers = this.headersOf('insufficient_scope', INSUFFICIENT_SCOPE);
    return new InsufficientScopeException(INSUFFICIENT_SCOPE, headers, this.scope);
  }

  /** There are as many descriptions as messages of ours, so that few headers are kept. */
  private headersOf(error?: string, errorDescription?: string): ResponseHeaders {
    const { resourceMetadata, scope } = this;
    const known = this.headers.get(errorDescription);
    const headers = known ?? {
      'WWW-Authenticate': bearerChallenge({ error, errorDescription, resourceMetadata, scope }),
    };
    this.headers.set(errorDescription, headers);
    return headers;
  }
}
