import { log } from '../../log/log.js';
import { isObject, messagesIn } from '../operations/json-rpc.js';

const MCP_METHOD = /^(?:initialize|server\/discover|(?:tools|prompts|resources)\/[a-z/]{1,40})$/;

/**
 * Logs, once for each handler, that a handler without `@McpEndpoint()` gets MCP messages. Only its requests
 * show that it may be an MCP server.
 */
export class MissingEndpoints {
  private readonly logged = new Set<string>();

  /** @param nameOf - returns the name of the handler; called only if it is needed */
  notice(body: unknown, nameOf: () => string): void {
    if (!isMcp(body) || this.logged.has(nameOf())) {
      return;
    }
    this.logged.add(nameOf());
    log.warn(
      `${nameOf()} is sent MCP messages and has no @McpEndpoint(): its tools, prompts and resources need no scopes of their own, its sessions are not bound to a caller, and pages of any origin may call it. If it is an MCP server, add @McpEndpoint().`,
    );
  }
}

function isMcp(body: unknown): boolean {
  const [message] = messagesIn(body);
  return (
    isObject(message) &&
    message.jsonrpc === '2.0' &&
    typeof message.method === 'string' &&
    message.method.length < 64 &&
    MCP_METHOD.test(message.method)
  );
}
