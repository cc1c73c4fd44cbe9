import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { AbstractHttpAdapter } from '@nestjs/core';
import {
  AuthorizationServerError,
  type AuthorizationServerUnavailableError,
} from '../../errors/authorization-server.error.js';
import { logFailure } from '../../log/log-failure.js';
import { matchesEntityTag } from './entity-tag.js';
import type { ProtectedResource } from '../protected-resource.js';

/** The part of a request that decides on the answer. */
export interface DocumentRequest {
  method?: string;
  headers: IncomingHttpHeaders;
  url?: string;
  /** The path of the URL. Set on Express. */
  path?: string;
}

/** A response of either adapter. */
interface RemovableHeaders {
  removeHeader(name: string): unknown;
}

/** Answers a request for one document. */
export type SendDocument = (request: DocumentRequest, response: unknown) => unknown;

const JSON_TYPE = { 'Content-Type': 'application/json; charset=utf-8' };

/** The seconds in `Retry-After`, if the error does not say when another attempt makes sense. */
const RETRY_AFTER = 5;

const MESSAGES = { 404: 'Not Found', 500: 'Internal server error', 503: 'Service Unavailable' };

const CORS = { 'Access-Control-Allow-Origin': '*' };

const PREFLIGHT_HEADERS = {
  ...CORS,
  'Access-Control-Allow-Methods': 'GET, HEAD, OPTIONS',
  'Access-Control-Allow-Headers': '*',
  'Access-Control-Max-Age': '86400',
};

/** Returns a function that sends the metadata of a resource. Its JSON is made once. */
export function sendMetadata(
  adapter: AbstractHttpAdapter,
  { metadata }: ProtectedResource,
): SendDocument {
  return sendJson(adapter, JSON.stringify(metadata), 3600);
}

/** Returns a function that sends a text of JSON, which caches may store for `maxAge` seconds. */
export function sendJson(adapter: AbstractHttpAdapter, body: string, maxAge: number): SendDocument {
  const entityTag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
  const headers = { ...CORS, 'Cache-Control': `public, max-age=${maxAge}`, ETag: entityTag };
  return ({ headers: { 'if-none-match': ifNoneMatch } }, response) => {
    setHeaders(adapter, response, headers);
    if (matchesEntityTag(ifNoneMatch, entityTag)) {
      return adapter.reply(response, undefined, 304) as unknown;
    }
    setHeaders(adapter, response, JSON_TYPE);
    return adapter.reply(response, body, 200) as unknown;
  };
}

/**
 * Returns a function that sends a document as soon as it is ready. The function also answers errors. It is not a
 * handler of Nest, so no exception filter would answer them.
 */
export function sendWhenReady(
  adapter: AbstractHttpAdapter,
  send: (request: DocumentRequest, response: unknown) => Promise<void>,
): SendDocument {
  return (request, response) => {
    send(request, response).catch((error: unknown) => {
      sendFailure(adapter, response, error);
    });
  };
}

function sendFailure(adapter: AbstractHttpAdapter, response: unknown, error: unknown): void {
  if (error instanceof AuthorizationServerError) {
    const { retryAfter = RETRY_AFTER } = error as Partial<AuthorizationServerUnavailableError>;
    sendNothing(adapter, response, 503, { 'Retry-After': String(retryAfter) });
  } else {
    logFailure(error);
    sendNothing(adapter, response, 500);
  }
}

export function sendPreflight(adapter: AbstractHttpAdapter): SendDocument {
  return (_request, response) => {
    setHeaders(adapter, response, PREFLIGHT_HEADERS);
    return adapter.reply(response, undefined, 204) as unknown;
  };
}

/**
 * Answers a request without the document, because the document does not exist, cannot be made now, or could not be
 * made. Caches must not store the answer.
 */
export function sendNothing(
  adapter: AbstractHttpAdapter,
  response: unknown,
  status: 404 | 500 | 503,
  headers: Record<string, string> = {},
): void {
  setHeaders(adapter, response, { ...CORS, ...JSON_TYPE, 'Cache-Control': 'no-store', ...headers });
  adapter.reply(
    response,
    JSON.stringify({ statusCode: status, message: MESSAGES[status] }),
    status,
  );
}

function setHeaders(
  adapter: AbstractHttpAdapter,
  response: unknown,
  headers: Record<string, string>,
): void {
  for (const [name, value] of Object.entries(headers)) {
    adapter.setHeader(response, name, value);
  }
  // The application's own CORS settings may have set this header. Browsers reject it together with `*`, and
  // the document needs no cookies.
  (response as RemovableHeaders).removeHeader('Access-Control-Allow-Credentials');
}
