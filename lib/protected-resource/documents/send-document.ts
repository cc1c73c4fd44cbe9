import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { AbstractHttpAdapter } from '@nestjs/core';
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
  const body = JSON.stringify(metadata);
  const entityTag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
  const headers = { ...CORS, 'Cache-Control': 'public, max-age=3600', ETag: entityTag };
  return ({ headers: { 'if-none-match': ifNoneMatch } }, response) => {
    setHeaders(adapter, response, headers);
    if (matchesEntityTag(ifNoneMatch, entityTag)) {
      return adapter.reply(response, undefined, 304) as unknown;
    }
    setHeaders(adapter, response, JSON_TYPE);
    return adapter.reply(response, body, 200) as unknown;
  };
}

export function sendPreflight(adapter: AbstractHttpAdapter): SendDocument {
  return (_request, response) => {
    setHeaders(adapter, response, PREFLIGHT_HEADERS);
    return adapter.reply(response, undefined, 204) as unknown;
  };
}

/**
 * Answers without a document: there is none, it cannot be made now, or making it failed. Caches must not store
 * the answer.
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
