import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * The value of `@Req()`: Node's own request on Express, and on Fastify a request that has Node's own in
 * `raw`.
 */
export type AdapterRequest = IncomingMessage | { readonly raw: IncomingMessage };

/** The value of `@Res()`: Node's own response on Express, and on Fastify a reply that wraps it. */
export type AdapterResponse = ServerResponse | FastifyReply;

/** The part of Fastify's reply that is needed to answer without it. */
interface FastifyReply {
  readonly raw: ServerResponse;
  getHeaders(): Record<string, number | string | string[] | undefined>;
  hijack(): unknown;
}

/**
 * Returns Node's own request, on Express and on Fastify. The transports of the MCP SDK read it. The guard has
 * set the caller on it as `auth`.
 *
 * @param request - the value of `@Req()`
 */
export function nodeRequest(request: AdapterRequest): IncomingMessage {
  // On Express, middleware may have set any value as "raw".
  return isStream(request) ? request : request.raw;
}

/**
 * Returns Node's own response, on which the transports of the MCP SDK answer. Call it once for each request.
 *
 * On Fastify it hijacks the reply: Fastify does **not** answer any more, and does **not** run its `onSend`
 * hooks. The header fields that Fastify has collected, such as those for CORS, are copied.
 *
 * @param response - the value of `@Res()`
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
