import { createHash } from 'node:crypto';
import { Controller } from '@nestjs/common';
import { HttpAdapterHost, type AbstractHttpAdapter } from '@nestjs/core';
import type { ProtectedResource } from './protected-resource.js';
import { ProtectedResourceRegistry } from './protected-resource-registry.js';
import { matchesEntityTag } from './entity-tag.js';
import { mountDocuments, type AnswerIfDocument, type DocumentRequest } from './mount-documents.js';

const WELL_KNOWN = '/.well-known/oauth-protected-resource';

const CORS = { 'Access-Control-Allow-Origin': '*' };

const PREFLIGHT_HEADERS = {
  ...CORS,
  'Access-Control-Allow-Methods': 'GET, HEAD, OPTIONS',
  'Access-Control-Allow-Headers': '*',
  'Access-Control-Max-Age': '86400',
};

/**
 * Publishes the metadata of every protected resource at its well-known path (RFC 9728, section 3).
 *
 * The paths are known only when the options are, and must not move with a global prefix, with
 * versioning or behind a catch-all route: they are mounted on the HTTP adapter, ahead of Nest's own
 * router, and so no guard, interceptor or filter of the application runs on them.
 */
@Controller()
export class ProtectedResourceMetadataController {
  constructor(
    private readonly resources: ProtectedResourceRegistry,
    private readonly host: HttpAdapterHost,
  ) {}

  /**
   * Mounts the routes; to be called once, before Nest mounts the application's. What is returned is to be
   * called with each request on Express.
   */
  mount(): AnswerIfDocument {
    const adapter = this.host.httpAdapter;
    const documents = this.resources.all.map(
      (resource) =>
        [new URL(resource.metadataUrl).pathname, documentHandler(adapter, resource)] as const,
    );
    return mountDocuments(adapter, WELL_KNOWN, new Map(documents), preflightHandler(adapter));
  }
}

function documentHandler(adapter: AbstractHttpAdapter, { metadata }: ProtectedResource) {
  const body = JSON.stringify(metadata);
  const entityTag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
  const headers = { ...CORS, 'Cache-Control': 'public, max-age=3600', ETag: entityTag };
  return ({ headers: { 'if-none-match': ifNoneMatch } }: DocumentRequest, response: unknown) => {
    setHeaders(adapter, response, headers);
    if (matchesEntityTag(ifNoneMatch, entityTag)) {
      return adapter.reply(response, undefined, 304) as unknown;
    }
    setHeaders(adapter, response, { 'Content-Type': 'application/json; charset=utf-8' });
    return adapter.reply(response, body, 200) as unknown;
  };
}

function preflightHandler(adapter: AbstractHttpAdapter) {
  return (_request: DocumentRequest, response: unknown) => {
    setHeaders(adapter, response, PREFLIGHT_HEADERS);
    return adapter.reply(response, undefined, 204) as unknown;
  };
}

function setHeaders(
  adapter: AbstractHttpAdapter,
  response: unknown,
  headers: Record<string, string>,
): void {
  for (const [name, value] of Object.entries(headers)) {
    adapter.setHeader(response, name, value);
  }
}
