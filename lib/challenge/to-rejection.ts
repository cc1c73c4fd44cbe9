import {
  AuthorizationServerError,
  AuthorizationServerUnavailableError,
  InvalidAuthorizationServerMetadataError,
} from '../errors/authorization-server.error.js';
import { DpopNonceRequiredError, InvalidDpopProofError } from '../errors/dpop-proof.error.js';
import { InsufficientScopeError } from '../errors/insufficient-scope.error.js';
import { InvalidRequestError } from '../errors/invalid-request.error.js';
import { InvalidTokenError } from '../errors/invalid-token.error.js';
import { MissingTokenError } from '../errors/missing-token.error.js';
import { StateStoreUnavailableError } from '../errors/state-store.error.js';
import {
  TemporarilyUnavailableException,
  type BearerAuthException,
} from './bearer-auth.exception.js';
import type { Rejections } from './rejections.js';

type Reject = (error: never, rejections: Rejections) => BearerAuthException;

/** The rejection for each class of errors. The first class that matches decides. */
const REJECTIONS: readonly (readonly [
  type: abstract new (...args: never[]) => Error,
  reject: Reject,
])[] = [
  [MissingTokenError, (_, rejections) => rejections.missingToken()],
  [InvalidRequestError, (error, rejections) => rejections.invalidRequest(error)],
  [InvalidTokenError, (error, rejections) => rejections.invalidToken(error)],
  [InvalidDpopProofError, (error, rejections) => rejections.invalidDpopProof(error)],
  [DpopNonceRequiredError, (error, rejections) => rejections.dpopNonceRequired(error)],
  [InsufficientScopeError, (error, rejections) => rejections.insufficientScope(error)],
  [
    AuthorizationServerUnavailableError,
    (error: AuthorizationServerUnavailableError) => unavailable(error, error.retryAfter),
  ],
  [StateStoreUnavailableError, (error) => unavailable(error, 5)],
  // Invalid metadata or keys are fetched again after at most 4 seconds, see `SHORT_PAUSES`.
  [InvalidAuthorizationServerMetadataError, (error) => unavailable(error, 5)],
  [AuthorizationServerError, (error) => unavailable(error, 30)],
];

/**
 * Returns the rejection for an error of one of the classes above. Returns any other error unchanged: Nest
 * then answers with the status of an `HttpException`, or with 500.
 */
export function toRejection(error: Error, rejections: Rejections): Error {
  const [, reject] = REJECTIONS.find(([type]) => error instanceof type) ?? [];
  return reject === undefined ? error : reject(error as never, rejections);
}

function unavailable(error: Error, retryAfter: number): BearerAuthException {
  return new TemporarilyUnavailableException(retryAfter, error);
}
