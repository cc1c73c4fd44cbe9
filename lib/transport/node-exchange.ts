import type { IncomingMessage, ServerResponse } from 'node:http';

/** What `@Req()` gives on Express, Node's own request, or on Fastify, which has Node's own in `raw`. */
export type AdapterRequest = IncomingMessage | { readonly raw: IncomingMessage };

/** What `@Res()` gives on Express, Node's own response, or on Fastify, whose reply wraps it. */
export type AdapterResponse = ServerResponse | FastifyReply;

/** As much of Fastify's reply as it takes to answer past it. */
interface FastifyReply {
  readonly raw: ServerResponse;
  getHeaders(): Record<string, number | string | string[] | undefined>;
  hijack(): unknown;
}

/**
 * Returns Node's own request, which the transports of the MCP SDK read, on Express and on Fastify. The guard
 * has put the caller there as `auth`.
 *
 * @param request - what `@Req()` gives
 */
export function nodeRequest(request: AdapterRequest): IncomingMessage {
  // A middleware of Express may have put anything under the name "raw" on it.
  return isStream(request) ? request : request.raw;
}

/**
 * Returns Node's own response, for the transports of the MCP SDK to answer on. On Fastify the reply is
 * hijacked: Fastify does **not** answer any more, nor run its `onSend` hooks; the header fields that it has
 * collected, such as those for CORS, are copied. To be called once for each request.
 *
 * @param response - what `@Res()` gives
 */
export function nodeResponse(response: AdapterResponse): ServerResponse {
  if (!('hijack' in response)) {
    return response;
  }
  for (const [name, value] of Object.entries(response.getHeaders())) {
    if (value !== undefined) {
      response.raw.setHeader(name, value);
    }
  }
  response.hijack();
  return response.raw;
}

function isStream(request: AdapterRequest): request is IncomingMessage {
  return 'pipe' in request;
}
