import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Clients that run in a browser, such as the MCP Inspector, register from another origin.
 * oidc-provider answers them on every endpoint but this one.
 *
 * @returns whether the request was a preflight and has been answered
 */
export function allowCrossOriginRegistration(
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  if (request.url !== '/reg') return false;
  response.setHeader('Access-Control-Allow-Origin', '*');
  if (request.method !== 'OPTIONS') return false;
  response.setHeader('Access-Control-Allow-Methods', 'POST');
  response.setHeader('Access-Control-Allow-Headers', '*');
  response.writeHead(204).end();
  return true;
}
