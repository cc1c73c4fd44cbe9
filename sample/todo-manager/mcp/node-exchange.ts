import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';

export type AdapterRequest = IncomingMessage | FastifyRequest;
export type AdapterResponse = ServerResponse | FastifyReply;

/** Node's own request, which the MCP SDK reads: Express hands it out, Fastify wraps it. */
export function nodeRequest(request: AdapterRequest): IncomingMessage {
  return 'raw' in request ? request.raw : request;
}

/** Node's own response, for the MCP SDK to answer on. */
export function nodeResponse(response: AdapterResponse): ServerResponse {
  if (!('hijack' in response)) return response;
  // Fastify keeps headers, such as those for CORS, to itself until it answers.
  for (const [name, value] of Object.entries(response.getHeaders())) {
    if (value !== undefined) response.raw.setHeader(name, value);
  }
  return response.hijack().raw;
}
