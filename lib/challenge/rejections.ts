import type { DpopNonceRequiredError, InvalidDpopProofError } from '../errors/dpop-proof.error.js';
import type { InsufficientScopeError } from '../errors/insufficient-scope.error.js';
import type { InvalidRequestError } from '../errors/invalid-request.error.js';
import type { InvalidTokenError } from '../errors/invalid-token.error.js';
import {
  DpopNonceRequiredException,
  InsufficientScopeException,
  InvalidDpopProofException,
  InvalidRequestException,
  InvalidTokenException,
  MissingTokenException,
  type ResponseHeaders,
} from './bearer-auth.exception.js';
import { challenge } from './www-authenticate.js';

/** The schemes by which a resource takes tokens. */
export interface ChallengeSchemes {
  readonly bearer: boolean;
  /** The algorithms of DPoP proofs, where the scheme `DPoP` is taken. */
  readonly dpop: readonly string[] | undefined;
}

const BEARER_ONLY: ChallengeSchemes = { bearer: true, dpop: undefined };

/**
 * Makes the rejections of one resource for one set of scopes: each names both, in a challenge for each scheme.
 * What is wrong stands in the challenge of the scheme that the request used.
 */
export class Rejections {
  constructor(
    private readonly resourceMetadata: string,
    private readonly scope: readonly string[],
    private readonly schemes: ChallengeSchemes = BEARER_ONLY,
    private readonly usesDpop = !schemes.bearer,
  ) {}

  /** Returns the rejections for other scopes. */
  for(scope: readonly string[]): Rejections {
    return new Rejections(this.resourceMetadata, scope, this.schemes, this.usesDpop);
  }

  /** Returns the rejections of a request with these credentials. */
  answering(authorization: string | undefined): Rejections {
    return this.schemes.dpop !== undefined && !this.usesDpop && isDpop(authorization)
      ? new Rejections(this.resourceMetadata, this.scope, this.schemes, true)
      : this;
  }

  missingToken(): MissingTokenException {
    return new MissingTokenException(this.headersOf());
  }

  invalidRequest({ code, message }: InvalidRequestError): InvalidRequestException {
    return new InvalidRequestException(message, this.headersOf(code, message));
  }

  invalidToken(error: InvalidTokenError): InvalidTokenException {
    const headers = this.headersOf(error.code, error.message);
    return new InvalidTokenException(error.message, headers, error);
  }

  invalidDpopProof(error: InvalidDpopProofError): InvalidDpopProofException {
    const headers = this.headersOf(error.code, error.message);
    return new InvalidDpopProofException(error.message, headers, error);
  }

  dpopNonceRequired(error: DpopNonceRequiredError): DpopNonceRequiredException {
    const headers = this.headersOf(error.code, error.message);
    return new DpopNonceRequiredException(error.message, headers, error.nonce);
  }

  insufficientScope(error: InsufficientScopeError): InsufficientScopeException {
    const { code, message, requiredScopes } = error;
    return new InsufficientScopeException(
      message,
      this.headersOf(code, message),
      requiredScopes,
      error,
    );
  }

  /**
   * Returns the value of `WWW-Authenticate`, `Bearer` first: there are clients that read no further than the
   * first scheme.
   */
  challenge(error?: string, errorDescription?: string): string {
    const { resourceMetadata, scope, usesDpop } = this;
    const { bearer, dpop: algs } = this.schemes;
    const wrong = { error, errorDescription };
    const where = { resourceMetadata, scope };
    return [
      bearer ? challenge('Bearer', { ...(!usesDpop && wrong), ...where }) : [],
      algs ? challenge('DPoP', { ...(usesDpop && wrong), ...where, algs }) : [],
    ]
      .flat()
      .join(', ');
  }

  private headersOf(error?: string, errorDescription?: string): ResponseHeaders {
    return { 'WWW-Authenticate': this.challenge(error, errorDescription) };
  }
}

function isDpop(authorization = ''): boolean {
  return /^dpop(?:[ \t]|$)/i.test(authorization);
}
