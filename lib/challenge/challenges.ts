import type { DpopNonceRequiredError, InvalidDpopProofError } from '../errors/dpop-proof.error.js';
import { InsufficientScopeError } from '../errors/insufficient-scope.error.js';
import type { InvalidTokenError } from '../errors/invalid-token.error.js';
import { withoutStackTraces } from '../errors/stack-traces.js';
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
 * The refusals of one resource for one set of scopes: each names both, in a challenge for each scheme.
 * What is wrong stands in the challenge of the scheme that the request used.
 */
export class Challenges {
  private readonly headers = new Map<string | undefined, ResponseHeaders>();

  constructor(
    private readonly resourceMetadata: string,
    private readonly scope: readonly string[],
    private readonly schemes: ChallengeSchemes = BEARER_ONLY,
    private readonly usesDpop = !schemes.bearer,
  ) {}

  /** The refusals for other scopes. */
  for(scope: readonly string[]): Challenges {
    return new Challenges(this.resourceMetadata, scope, this.schemes, this.usesDpop);
  }

  /** The refusals of a request with these credentials. */
  answering(authorization: string | undefined): Challenges {
    return this.schemes.dpop !== undefined && !this.usesDpop && isDpop(authorization)
      ? new Challenges(this.resourceMetadata, this.scope, this.schemes, true)
      : this;
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

  invalidDpopProof(error: InvalidDpopProofError): InvalidDpopProofException {
    const headers = this.headersOf(error.code, error.message);
    return new InvalidDpopProofException(error.message, headers, error);
  }

  dpopNonceRequired(error: DpopNonceRequiredError): DpopNonceRequiredException {
    const headers = this.headersOf(error.code, error.message);
    return new DpopNonceRequiredException(error.message, headers, error.nonce);
  }

  /** @param granted - the scopes that the token has; told to the operator alone */
  insufficientScope(granted: readonly string[]): InsufficientScopeException {
    const error = withoutStackTraces(() => new InsufficientScopeError(this.scope, granted));
    const headers = this.headersOf(error.code, error.message);
    return new InsufficientScopeException(error.message, headers, this.scope, error);
  }

  /** There are as many descriptions as messages of ours, so that few headers are kept. */
  private headersOf(error?: string, errorDescription?: string): ResponseHeaders {
    const known = this.headers.get(errorDescription);
    const headers = known ?? { 'WWW-Authenticate': this.challenges({ error, errorDescription }) };
    this.headers.set(errorDescription, headers);
    return headers;
  }

  /** `Bearer` first: there are clients that read no further than the first scheme. */
  private challenges(wrong: { error?: string; errorDescription?: string }): string {
    const { resourceMetadata, scope, usesDpop } = this;
    const { bearer, dpop: algs } = this.schemes;
    const where = { resourceMetadata, scope };
    return [
      bearer ? challenge('Bearer', { ...(!usesDpop && wrong), ...where }) : [],
      algs ? challenge('DPoP', { ...(usesDpop && wrong), ...where, algs }) : [],
    ]
      .flat()
      .join(', ');
  }
}

function isDpop(authorization = ''): boolean {
  return /^dpop(?:[ \t]|$)/i.test(authorization);
}
