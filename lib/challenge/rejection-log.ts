import { HttpException } from '@nestjs/common';
import { BearerAuthException, MissingTokenException } from './bearer-auth.exception.js';
import { InvalidDpopProofError } from '../errors/dpop-proof.error.js';
import { InvalidTokenError } from '../errors/invalid-token.error.js';
import { messageOf } from '../errors/to-error.js';
import { mismatchInWords } from '../errors/mismatch-in-words.js';
import type { TokenMismatch } from '../errors/token-mismatch.js';
import { describeUnverified } from '../token/describe-unverified.js';
import { log } from '../log/log.js';

/** The part of a protected resource that the log names. */
interface RejectingResource {
  readonly resource: string;
  readonly issuerResolver: unknown;
}

/** The parts of a request that tell who its caller is. */
interface Presented {
  readonly authorization: string | undefined;
  /** The assertion of a proxy, if it was used in place of an access token. */
  readonly assertion: string | undefined;
}

/** The part of a request that the log reads. */
interface RejectedRequest {
  readonly headers?: { readonly authorization?: string };
}

/**
 * Logs one line at the level `debug`: which check rejected a request, what it expected, and what it got. An
 * error that is no `HttpException` is not logged here, because Nest logs it. The line never has the token
 * itself. Of the token's content it shows only type, algorithm, issuer, audience, client and scope, and of a
 * DPoP proof only `htm` and `htu`.
 */
export function logRejection(
  rejection: unknown,
  request: RejectedRequest,
  resource: RejectingResource,
  name: string,
  assertion?: string,
): void {
  if (rejection instanceof HttpException) {
    const presented = { authorization: request.headers?.authorization, assertion };
    log.debug(() => describe(rejection, presented, resource, name));
  }
}

function describe(
  rejection: HttpException,
  presented: Presented,
  { resource, issuerResolver }: RejectingResource,
  name: string,
): string {
  const code = rejection instanceof BearerAuthException ? ` ${rejection.code}` : '';
  const reason = reasonOf(rejection.cause);
  return [
    `Rejected ${name} of ${resource}: ${rejection.getStatus()}${code}${reason}.`,
    explanation(rejection, presented.authorization),
    resolverHint(rejection.cause, issuerResolver !== undefined),
    tokenIn(rejection, presented),
  ]
    .filter((part) => part !== undefined)
    .join(' ');
}

function reasonOf(cause: unknown): string {
  return cause instanceof InvalidTokenError || cause instanceof InvalidDpopProofError
    ? ` (${cause.reason})`
    : '';
}

function explanation(rejection: HttpException, authorization: string | undefined): string {
  if (rejection instanceof MissingTokenException) {
    return `${rejection.message} ${credentialsOf(authorization)}`;
  }
  const { mismatch } = (rejection.cause ?? {}) as { mismatch?: TokenMismatch };
  if (mismatch !== undefined) {
    return mismatchInWords(mismatch);
  }
  const cause = rejection.cause === undefined ? [] : messageOf(rejection.cause);
  return [...new Set([rejection.message, cause].flat())].join(' ');
}

/** Describes an `Authorization` header by its scheme only: the rest may be a secret. */
function credentialsOf(authorization: string | undefined): string {
  const [, scheme] = /^([\w-]{1,20})(?: |$)/.exec(authorization ?? '') ?? [];
  if (scheme === undefined) {
    return 'The request has no Authorization header of the form "Bearer <token>".';
  }
  return scheme.toLowerCase() === 'bearer'
    ? ''
    : `The Authorization header has the scheme "${scheme}", which this resource does not accept${
        scheme.toLowerCase() === 'dpop' ? ' (option "dpop")' : ''
      }.`;
}

function resolverHint(cause: unknown, hasResolver: boolean): string | undefined {
  return hasResolver && cause instanceof InvalidTokenError && cause.reason === 'issuer'
    ? 'The resolver in authorizationServers was also asked.'
    : undefined;
}

function tokenIn(
  { cause }: HttpException,
  { authorization = '', assertion }: Presented,
): string | undefined {
  if (assertion !== undefined) {
    return `The assertion of the proxy says: ${describeUnverified(assertion) ?? 'nothing, as it is not a JWT'}.`;
  }
  const token = authorization.replace(/^\S+ +/, '');
  const described = describeUnverified(token);
  if (described !== undefined) {
    return `The token says: ${described}.`;
  }
  return cause instanceof InvalidTokenError && cause.reason === 'malformed'
    ? `The token (${token.length} characters) is not a JWT: opaque tokens need the option "introspection" of an authorization server, or a "tokenVerifier" that recognizes them.`
    : undefined;
}
