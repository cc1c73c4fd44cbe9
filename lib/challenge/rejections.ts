import { getOrMake } from '../cache/get-or-make.js';
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

/** The schemes with which a resource accepts tokens. */
export interface ChallengeSchemes {
  readonly bearer: boolean;
  /** The algorithms of DPoP proofs; `undefined` if the scheme `DPoP` is not accepted. */
  readonly dpop: readonly string[] | undefined;
}

/**
 * The limit of cached headers. This library has fewer descriptions, but the errors of an application may have
 * any number of descriptions.
 */
const MAX_CACHED = 100;

const BEARER_ONLY: ChallengeSchemes = { bearer: true, dpop: undefined };

/**
 * Creates the rejections of one resource for one set of scopes. Each rejection has a challenge for each scheme,
 * with the resource and the scopes. The challenge of the scheme that the request used also has the error code
 * and its description.
 */
export class Rejections {
  private readonly headers = new Map<string, ResponseHeaders>();

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

  /** Returns the rejections for a request with this `Authorization` header. */
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
   * Returns the value of `WWW-Authenticate`. `Bearer` comes first, because some clients read only the first
   * scheme.
   */
  challenge(error?: string, errorDescription?: string): string {
    const { resourceMetadata, scope, usesDpop } = this;
    const { bearer, dpop: algs } = this.schemes;
    const problem = { error, errorDescription };
    const common = { resourceMetadata, scope };
    return [
      bearer ? challenge('Bearer', { ...(!usesDpop && problem), ...common }) : [],
      algs ? challenge('DPoP', { ...(usesDpop && problem), ...common, algs }) : [],
    ]
      .flat()
      .join(', ');
  }

  /**
   * Returns the headers of a rejection. They are cached, because untrusted clients cause the same few rejections
   * again and again.
   */
  private headersOf(error = '', errorDescription = ''): ResponseHeaders {
    if (this.headers.size >= MAX_CACHED) {
      this.headers.clear();
    }
    return getOrMake(this.headers, `${error} ${errorDescription}`, () =>
      Object.freeze({ 'WWW-Authenticate': this.challenge(error, errorDescription) }),
    );
  }
}

function isDpop(authorization = ''): boolean {
  return /^dpop(?:[ \t]|$)/i.test(authorization);
}
