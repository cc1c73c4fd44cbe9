import type { OrdinaryRequest } from './attack.js';
import type { Laboratory } from './laboratory.js';
import { MCP, STRICT, type Place } from './places.js';

/** A JSON-RPC request. */
export const call = (method: unknown, params?: unknown) => ({
  jsonrpc: '2.0',
  id: 1,
  method,
  params,
});
export const toolCall = (name: unknown) => call('tools/call', { name, arguments: {} });
export const read = (uri: unknown) => call('resources/read', { uri });

/** The text of a call, for what no serializer would write. */
export const text = (members: string) => `{"jsonrpc":"2.0","id":1,${members}}`;

/** Makes a `POST` of a caller who may call operations without scopes of their own. */
export const posting =
  (body: unknown, more: Partial<OrdinaryRequest> & { at?: Place; scope?: string } = {}) =>
  (lab: Laboratory): OrdinaryRequest => {
    const { at = MCP, scope = 'mcp', headers = [], ...rest } = more;
    return {
      method: 'POST',
      path: at.path,
      token: lab.tokenFor(MCP, scope),
      headers: ['Content-Type', 'application/json', ...headers],
      body: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
      ...rest,
    };
  };

/** The same, to the endpoint that refuses what it does not name. */
export const strictly = (body: unknown, more: Partial<OrdinaryRequest> = {}) =>
  posting(body, { ...more, at: STRICT });
