import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Allows clients in a browser, such as the MCP Inspector, to register from another origin.
 * `oidc-provider` itself allows other origins on every endpoint except the registration endpoint.
 *
 * @returns `true` if the request was a preflight, and this function has answered it
 */
export function allowCrossOriginRegistration(
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  if (request.url !== '/reg') {
    return false;
  }
  response.setHeader('Access-Control-Allow-Origin', '*');
  if (request.method !== 'OPTIONS') {
    return false;
  }
  response.setHeader('Access-Control-Allow-Methods', 'POST');
  response.setHeader('Access-Control-Allow-Headers', '*');
  response.writeHead(204).end();
  return true;
}
