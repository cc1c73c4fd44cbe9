import type { ServerResponse } from 'node:http';
import type { AbstractHttpAdapter } from '@nestjs/core';
import type { AuthenticatedRequest, NodeRequest } from './authenticated-request.js';

/** Returns Node's own request. The adapter is asked: on Express, `raw` is whatever a middleware put there. */
export function rawRequest(
  adapter: AbstractHttpAdapter | undefined,
  request: AuthenticatedRequest,
): NodeRequest {
  return adapter?.getType() === 'fastify' ? (request.raw ?? request) : request;
}

/** Returns Node's own response. It stays Fastify's to answer. */
export function rawResponse(adapter: AbstractHttpAdapter, response: unknown): ServerResponse {
  return adapter.getType() === 'fastify'
    ? (response as { raw: ServerResponse }).raw
    : (response as ServerResponse);
}
