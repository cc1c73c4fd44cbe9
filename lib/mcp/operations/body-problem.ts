import { MAX_MESSAGES, messagesIn, readCalls } from './json-rpc.js';
import { MAX_OPERATIONS } from './mcp-requirements.js';

/** Returns, for the client, the reason why a body is not valid. */
export function bodyProblem(body: unknown): string {
  if (body === undefined || typeof body === 'string' || Buffer.isBuffer(body)) {
    return 'The body is not JSON-RPC 2.0, or the application does not parse it as JSON.';
  }
  const isTooMuch = messagesIn(body).length > MAX_MESSAGES || readCalls(body) !== undefined;
  return isTooMuch
    ? `The body asks for too much: at most ${MAX_MESSAGES} messages with ${MAX_OPERATIONS} operations are taken at once.`
    : 'The body is not JSON-RPC 2.0.';
}
