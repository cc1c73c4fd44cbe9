import type { IncomingMessage, ServerResponse } from 'node:http';

/** The value of `@Req()`. On Express, it is Node's own request. On Fastify, it has Node's own request in `raw`. */
export type AdapterRequest = IncomingMessage | { readonly raw: IncomingMessage };

/** The value of `@Res()`. On Express, it is Node's own response. On Fastify, it has Node's own response in `raw`. */
export type AdapterResponse = ServerResponse | FastifyReply;

/** The part of Fastify's reply that {@link nodeResponse} uses. */
interface FastifyReply {
  readonly raw: ServerResponse;
  getHeaders(): Record<string, number | string | string[] | undefined>;
  hijack(): unknown;
}

/**
 * Returns Node's own request, on Express and on Fastify. Pass it to a transport of the MCP SDK. The transport
 * reads the caller from the property `auth` of the request, which the guard has set.
 *
 * @param request - the value of `@Req()`
 */
export function nodeRequest(request: AdapterRequest): IncomingMessage {
  // "raw" does not tell the adapters apart, since Express middleware may have set a property with that name.
  return isStream(request) ? request : request.raw;
}

/**
 * Returns Node's own response. Pass it to a transport of the MCP SDK, which writes the answer to it. Call this
 * function once for each request.
 *
 * On Fastify it hijacks the reply: Fastify does **not** send an answer any more, and does **not** run its
 * `onSend` hooks. The header fields that are already set on the reply, such as those for CORS, are copied.
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
