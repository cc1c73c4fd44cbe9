import type { ServerResponse } from 'node:http';
import type { AbstractHttpAdapter } from '@nestjs/core';
import type { AuthenticatedRequest, NodeRequest } from './authenticated-request.js';

/**
 * Returns Node's own request. Only on Fastify it is in `raw`: on Express, middleware may have set any value as
 * `raw`.
 */
export function rawRequest(
  adapter: AbstractHttpAdapter | undefined,
  request: AuthenticatedRequest,
): NodeRequest {
  return adapter?.getType() === 'fastify' ? (request.raw ?? request) : request;
}

/** Returns Node's own response. It does not hijack Fastify's reply. */
export function rawResponse(adapter: AbstractHttpAdapter, response: unknown): ServerResponse {
  return adapter.getType() === 'fastify'
    ? (response as { raw: ServerResponse }).raw
    : (response as ServerResponse);
}
