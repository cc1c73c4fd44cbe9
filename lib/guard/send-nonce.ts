import type { AbstractHttpAdapter } from '@nestjs/core';
import { EXPOSE_HEADERS, setExposedHeaders } from '../challenge/exposed-headers.js';
import { rawResponse } from '../transport/raw-exchange.js';

/**
 * Sends the nonce for the client's next DPoP proof with this response (RFC 9449, section 8.2). The response
 * must not be cached: a cache would deliver an old nonce.
 */
export function sendNonce(nonce: string, adapter: AbstractHttpAdapter, response: unknown): void {
  if (response === undefined) {
    return;
  }
  setExposedHeaders(adapter, response, { 'DPoP-Nonce': nonce });
  adapter.setHeader(response, 'Cache-Control', 'no-store');
  // On Fastify a handler may answer on Node's own response, as the MCP SDK's transports do.
  const raw = rawResponse(adapter, response);
  for (const name of ['DPoP-Nonce', EXPOSE_HEADERS, 'Cache-Control']) {
    raw.setHeader(name, adapter.getHeader(response, name) as string);
  }
}
