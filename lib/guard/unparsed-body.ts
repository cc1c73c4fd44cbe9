import { InvalidRequestException } from '../challenge/bearer-auth.exception.js';
import { log } from '../log/log.js';
import type { Exchange } from './exchange.js';

/** The endpoints for which a warning was logged. */
const warned = new WeakSet<object>();

/**
 * Logs a warning, once for each endpoint, if an MCP endpoint gets JSON that the application does not parse. The
 * guard then answers 400 to every `POST` to the endpoint, although the client is not to blame.
 */
export function warnOfUnparsedBody(
  rejection: unknown,
  { request, policy: { mcp }, handlerName }: Exchange,
): void {
  const { method, body, headers } = request;
  const isOurs = mcp !== undefined && rejection instanceof InvalidRequestException;
  const isJson = /^application\/json\b/i.test(headers['content-type'] ?? '');
  if (!isOurs || !isJson || method !== 'POST' || body !== undefined || warned.has(mcp)) {
    return;
  }
  warned.add(mcp);
  log.warn(
    `${handlerName} got JSON that was not parsed: the body of its request is undefined. On an @McpEndpoint(), the parsed body decides which permissions the caller needs: leave Nest's body parser on (no "bodyParser: false"), or parse JSON in a middleware; and give the parsed body to the MCP SDK's transport.`,
  );
}
