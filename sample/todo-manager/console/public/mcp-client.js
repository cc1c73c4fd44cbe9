import { readChallenge } from './challenge.js';
import { Problem } from './problem.js';
import { Refusal } from './refusal.js';

const REVISION = '2026-07-28';

/**
 * @typedef {object} Tool
 * @property {string} name
 * @property {string} [description]
 * @property {{ properties?: Record<string, object> }} inputSchema
 */

/**
 * @typedef {object} ToolResult
 * @property {{ type: string, text?: string }[]} content
 * @property {boolean} [isError]
 */

/** An MCP client for tools: each call is one POST (MCP 2026-07-28, Streamable HTTP). */
export class McpClient {
  #log;
  #last = 0;

  /**
   * @param {import('./exchange-log.js').ExchangeLog} log
   * @param {string} endpoint
   */
  constructor(log, endpoint) {
    this.#log = log;
    this.endpoint = endpoint;
  }

  /**
   * Returns the challenge to a request without a token.
   *
   * @returns {Promise<import('./challenge.js').Challenge>}
   */
  async provokeChallenge() {
    try {
      await this.#request('Call the server without a token', undefined, 'tools/list');
    } catch (error) {
      if (error instanceof Refusal) return error.challenge;
      throw error;
    }
    throw new Problem('The server answers without a token, so there is nothing to sign in to.');
  }

  /**
   * @param {import('./session.js').Session | undefined} session
   * @returns {Promise<Tool[]>}
   */
  async listTools(session) {
    const result = await this.#request('List the tools', session, 'tools/list');
    return /** @type {{ tools: Tool[] }} */ (result).tools;
  }

  /**
   * @param {import('./session.js').Session | undefined} session
   * @param {string} name
   * @param {Record<string, string>} args
   * @returns {Promise<ToolResult>}
   */
  async callTool(session, name, args) {
    const params = { name, arguments: args };
    const result = await this.#request(`Call ${name}`, session, 'tools/call', params);
    return /** @type {ToolResult} */ (result);
  }

  /**
   * @param {string} title
   * @param {import('./session.js').Session | undefined} session
   * @param {string} method
   * @param {{ name?: string, arguments?: object }} [params]
   * @returns {Promise<unknown>}
   */
  async #request(title, session, method, params = {}) {
    const answer = await this.#log.send(title, this.endpoint, {
      method: 'POST',
      headers: {
        ...(session && { authorization: session.authorization }),
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': REVISION,
        'mcp-method': method,
        ...(params.name !== undefined && { 'mcp-name': params.name }),
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: ++this.#last,
        method,
        params: { ...params, _meta: META },
      }),
    });
    const challenge = answer.headers.get('www-authenticate');
    if (answer.status === 401 || answer.status === 403) {
      throw new Refusal(answer.status, readChallenge(challenge ?? ''));
    }
    return resultOf(answer);
  }
}

const META = {
  'io.modelcontextprotocol/protocolVersion': REVISION,
  'io.modelcontextprotocol/clientInfo': { name: 'todo-manager-console', version: '1.0.0' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

/**
 * @param {import('./exchange-log.js').Answer} answer
 * @returns {unknown}
 */
function resultOf({ status, headers, text }) {
  const isStream = headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  const { result, error } = messageOf(isStream ? lastEvent(text) : text);
  if (result !== undefined) return result;
  throw new Problem(
    status === 503
      ? 'The server cannot reach its authorization server, so it cannot check the token. Try again later.'
      : `The server could not do it: ${error?.message ?? `status ${status}`}.`,
  );
}

/**
 * @param {string} text
 * @returns {{ result?: unknown, error?: { message?: string } }}
 */
function messageOf(text) {
  try {
    /** @type {unknown} */
    const value = JSON.parse(text);
    return value instanceof Object ? value : {};
  } catch {
    return {};
  }
}

/**
 * Returns the data of the last event: the response to the request, after all notifications.
 *
 * @param {string} stream
 */
function lastEvent(stream) {
  return (
    stream
      .split('\n')
      .findLast((line) => line.startsWith('data:'))
      ?.slice('data:'.length) ?? ''
  );
}
