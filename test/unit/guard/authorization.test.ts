import { describe, expect, it } from '@jest/globals';
import type { ProtectedAccess } from '../../../lib/policy/access-policy.js';
import type { BearerAuthException } from '../../../lib/challenge/bearer-auth.exception.js';
import type { AuthInfo } from '../../../lib/auth-info/auth-info.js';
import { Rejections } from '../../../lib/challenge/rejections.js';
import { toRejection } from '../../../lib/challenge/to-rejection.js';
import { MissingTokenError } from '../../../lib/errors/missing-token.error.js';
import { toError } from '../../../lib/errors/to-error.js';
import { Authorization } from '../../../lib/guard/authorization.js';
import { rejectionsFor } from '../../../lib/guard/rejections-for.js';
import { McpEndpointPolicy } from '../../../lib/mcp/mcp-endpoint.js';

const METADATA_URL = 'https://api.example.com/.well-known/oauth-protected-resource/mcp';
const CALL = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'delete' } };
const PING = { jsonrpc: '2.0', id: 1, method: 'ping' };

const policy = {
  handler: { controller: Object, method: 'post' },
  resource: { scopePrefix: '' },
  conditions: [],
  scopes: { fixed: ['mcp'], computed: [] },
  mcp: new McpEndpointPolicy({ tools: { delete: 'admin' } }),
  rejections: new Rejections(METADATA_URL, ['mcp']),
} as unknown as ProtectedAccess;
const caller = { scopes: ['mcp'] } as unknown as AuthInfo;

const answerTo = async (method: string, body: unknown): Promise<unknown> => {
  try {
    await new Authorization({} as never).authorize(caller, { request: { method, body }, policy });
    return 'let in';
  } catch (error) {
    const rejection = toRejection(toError(error), policy.rejections);
    return (rejection as BearerAuthException).getStatus();
  }
};

describe('a request to an MCP endpoint', () => {
  it.each([
    ['POST', 'a call', CALL, 403],
    ['POST', 'a ping', PING, 'let in'],
    ['POST', 'no body', undefined, 400],
    ['POST', 'null', null, 400],
    ['POST', 'an empty object', {}, 400],
    ['POST', 'an empty array', [], 400],
    ['POST', 'text', 'text', 400],
    ['GET', 'no body', undefined, 'let in'],
    ['GET', 'null', null, 'let in'],
    ['GET', 'an empty object, as a parser leaves it', {}, 'let in'],
    ['GET', 'an empty array', [], 400],
    ['GET', 'empty text', '', 400],
    ['GET', 'text', 'text', 400],
    ['GET', 'a number', 1, 400],
    ['GET', 'a call, which a server could read', CALL, 403],
    ['DELETE', 'no body', undefined, 'let in'],
    ['DELETE', 'a call', CALL, 403],
  ])('%s with %s, body %j: %s', async (method, _what, body, answer) => {
    expect(await answerTo(method, body)).toBe(answer);
  });

  it('without a token is challenged for the scopes of the operation that it names', () => {
    const named = (body: unknown) =>
      rejectionsFor(new MissingTokenError(), {
        request: { headers: {}, body },
        policy,
      }).challenge();
    expect(named(CALL)).toContain('scope="mcp admin"');
    expect(named(PING)).toContain('scope="mcp"');
    expect(named('text')).toContain('scope="mcp"');
  });
});
