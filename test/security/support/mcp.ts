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

/** Returns the text of a call with these members, for a text that `JSON.stringify` would not write. */
export const text = (members: string) => `{"jsonrpc":"2.0","id":1,${members}}`;

/** Returns a `POST` of a caller that has only the scope of the endpoint, unless `scope` is given. */
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

/** Returns the same `POST` to the endpoint with `defaultDeny`, which rejects names that are not in its options. */
export const strictly = (body: unknown, more: Partial<OrdinaryRequest> = {}) =>
  posting(body, { ...more, at: STRICT });
