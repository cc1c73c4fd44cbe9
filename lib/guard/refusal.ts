import type { AbstractHttpAdapter } from '@nestjs/core';
import {
  TemporarilyUnavailableException,
  type ResponseHeaders,
} from '../challenge/bearer-auth.exception.js';
import {
  AuthorizationServerError,
  AuthorizationServerUnavailableError,
  InvalidAuthorizationServerMetadataError,
} from '../errors/authorization-server.error.js';
import { DpopNonceRequiredError, InvalidDpopProofError } from '../errors/dpop-proof.error.js';
import { InvalidTokenError } from '../errors/invalid-token.error.js';
import { StateStoreUnavailableError } from '../errors/state-store.error.js';
import type { Challenges } from '../challenge/challenges.js';

export const EXPOSE_HEADERS = 'Access-Control-Expose-Headers';

/** What to answer for an error: what is not ours stays as it is, and becomes a 500. */
export function refusalOf(error: unknown, challenges: () => Challenges): unknown {
  if (error instanceof InvalidTokenError) {
    return challenges().invalidToken(error);
  }
  if (error instanceof InvalidDpopProofError) {
    return challenges().invalidDpopProof(error);
  }
  if (error instanceof DpopNonceRequiredError) {
    return challenges().dpopNonceRequired(error);
  }
  if (error instanceof AuthorizationServerUnavailableError) {
    return new TemporarilyUnavailableException(error.retryAfter, error);
  }
  if (error instanceof StateStoreUnavailableError) {
    return new TemporarilyUnavailableException(5, error);
  }
  if (error instanceof AuthorizationServerError) {
    // A document that is bad now is fetched again after the longest pause of an outage.
    const isBadDocument = error instanceof InvalidAuthorizationServerMetadataError;
    return new TemporarilyUnavailableException(isBadDocument ? 5 : 30, error);
  }
  return error;
}

/** Sets header fields, readable for scripts of other origins too; none where there is no response. */
export function setExposedHeaders(
  adapter: AbstractHttpAdapter,
  response: unknown,
  headers: ResponseHeaders,
): void {
  if (response === undefined || Object.keys(headers).length === 0) {
    return;
  }
  for (const [name, value] of Object.entries(headers)) {
    adapter.setHeader(response, name, value);
  }
  const exposed: unknown = adapter.getHeader(response, EXPOSE_HEADERS);
  const names = [...listOf(exposed), ...Object.keys(headers)];
  const unique = new Map(names.map((name) => [name.toLowerCase(), name]));
  adapter.setHeader(response, EXPOSE_HEADERS, [...unique.values()].join(', '));
}

function listOf(value: unknown): string[] {
  const list = Array.isArray(value) ? value.join(',') : typeof value === 'string' ? value : '';
  return list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
