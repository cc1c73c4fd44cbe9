import type { AbstractHttpAdapter } from '@nestjs/core';
import { EXPOSE_HEADERS, setExposedHeaders } from '../challenge/exposed-headers.js';
import { rawResponse } from '../transport/raw-exchange.js';

/**
 * Sends a client the nonce of its next DPoP proof, with the answer to this one (RFC 9449, section 8.2). The
 * answer must not be cached: from a cache, the nonce would be an old one.
 */
export function sendNonce(nonce: string, adapter: AbstractHttpAdapter, response: unknown): void {
  if (response === undefined) {
    return;
  }
  setExposedHeaders(adapter, response, { 'DPoP-Nonce': nonce });
  adapter.setHeader(response, 'Cache-Control', 'no-store');
  // A handler on Fastify may answer on Node's own response, as the MCP SDK's transports do.
  const raw = rawResponse(adapter, response);
  for (const name of ['DPoP-Nonce', EXPOSE_HEADERS, 'Cache-Control']) {
    raw.setHeader(name, adapter.getHeader(response, name) as string);
  }
}
