import type { Probe } from './probe.js';
import { anyTokens, anyUser, get, type Kind } from './make-probe.js';
import type { Flaw, Tokens } from '../world/tokens.js';

interface Call {
  method: string;
  params?: object;
  headers?: Record<string, string>;
}

function call(
  { method, params = {}, headers = {} }: Call,
  verdict: number,
  token?: string,
  more: Partial<Probe> = {},
): Omit<Probe, 'kind'> {
  const probe = get('mcp', token, verdict, more);
  return {
    ...probe,
    method: 'POST',
    path: '/mcp',
    headers: { ...probe.headers, ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: probe.nonce, method, params }),
  };
}

function tool(name: string, verdict: number, flaw: Flaw = 'none'): Kind {
  return (world) => {
    const [user, tokens] = [anyUser(), anyTokens(world)];
    const request = { method: 'tools/call', params: { name, arguments: {} } };
    return tokens && call(request, verdict, tokens.get(flaw, user), { user, tokens });
  };
}

function inSession(id: string, user: string, tokens: Tokens, verdict: number) {
  const request = { method: 'ping', headers: { 'mcp-session-id': id } };
  return call(request, verdict, tokens.get('none', user), { user, tokens });
}

/** JSON-RPC at an MCP endpoint. */
export const MCP = {
  'MCP: tool': tool('read-note', 200),
  'MCP: tool, missing scope': tool('delete-note', 403),
  'MCP: tool, expired token': tool('read-note', 401, 'expired'),
  'MCP: without a token': () => call({ method: 'tools/list' }, 401),
  'MCP: not JSON-RPC': (world) => {
    const [user, tokens] = [anyUser(), anyTokens(world)];
    const body = JSON.stringify({ jsonrpc: '1.0', method: 1 });
    return (
      tokens && { ...call({ method: '' }, 400, tokens.get('none', user), { user, tokens }), body }
    );
  },
  'MCP: opens a session': (world) => {
    const [user, tokens] = [anyUser(), anyTokens(world)];
    return (
      tokens &&
      call({ method: 'initialize' }, 200, tokens.get('none', user), {
        user,
        tokens,
        onAnswer: ({ status, headers }) => {
          const id = headers['mcp-session-id'];
          if (status === 200 && typeof id === 'string') {
            world.sessions.add({ id, user });
          }
        },
      })
    );
  },
  'MCP: own session': (world) => {
    const [session, tokens] = [world.sessions.any(), anyTokens(world)];
    return session && tokens && inSession(session.id, session.user, tokens, 200);
  },
  "MCP: another's session": (world) => {
    const [session, tokens, user] = [world.sessions.any(), anyTokens(world), anyUser()];
    return session && tokens && session.user !== user
      ? inSession(session.id, user, tokens, 404)
      : undefined;
  },
  'MCP: ends a session': (world) => {
    const tokens = anyTokens(world);
    const isKnown = tokens && world.accepted.includes(tokens);
    const session = isKnown ? world.sessions.takeOld() : undefined;
    if (!session || !tokens) {
      return undefined;
    }
    const { id, user } = session;
    const probe = get('mcp', tokens.get('none', user), 200, { user, tokens });
    return {
      ...probe,
      method: 'DELETE',
      headers: { ...probe.headers, 'mcp-session-id': id, 'x-nonce': probe.nonce },
    };
  },
} satisfies Record<string, Kind>;
