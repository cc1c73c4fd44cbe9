import { describe, expect, it } from '@jest/globals';
import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import { toNodeHandler } from '@modelcontextprotocol/node';
import {
  Client,
  InsufficientScopeError,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import {
  OptionalAuth,
  toScopeChallenge,
  nodeRequest,
  nodeResponse,
  type OperationScopes,
  type AdapterRequest,
  type AdapterResponse,
} from 'nestjs-mcp-auth';
import { adapters } from '../support/app.js';
import { serve } from '../support/serve.js';
import { toolCall } from '../support/mcp/todo-server.js';
import { call, send } from '../support/mcp/wire.js';

const TOOLS: Record<string, OperationScopes> = {
  narrow: 'todos:read',
  nested: { anyOf: [['todos:write', 'audit'], 'admin'] },
  computed: ({ arguments: args, name, kind }, authInfo) =>
    args.where === 'here' ? [] : `${kind}:${name}:${authInfo?.subject}`,
  malformed: () => 'two scopes',
  offline: ['todos:read', 'offline_access'],
};

/** Returns a server whose tools declare their scopes themselves. The guard requires only a token. */
function createServer(): McpServer {
  const server = new McpServer({ name: 'todos', version: '1.0.0' });
  for (const [name, requirement] of Object.entries(TOOLS)) {
    server.registerTool(name, { scopeChallenge: toScopeChallenge(requirement) }, () => ({
      content: [{ type: 'text', text: name }],
    }));
  }
  const own = toScopeChallenge('todos:read', { scopeHierarchy: { all: ['todos:read'] } });
  server.registerTool('own', { scopeChallenge: own }, () => ({ content: [] }));
  server.registerPrompt('review', { scopeChallenge: toScopeChallenge('review') }, () => ({
    messages: [],
  }));
  return server;
}

@Controller('mcp')
class McpController {
  private readonly answer = toNodeHandler(createMcpHandler(createServer));

  @Post()
  async handle(
    @Req() request: AdapterRequest,
    @Res() response: AdapterResponse,
    @Body() body: unknown,
  ) {
    await this.answer(nodeRequest(request), nodeResponse(response), body);
  }

  @Post('open')
  @OptionalAuth()
  async open(
    @Req() request: AdapterRequest,
    @Res() response: AdapterResponse,
    @Body() body: unknown,
  ) {
    await this.handle(request, response, body);
  }
}

describe.each(adapters)('toScopeChallenge with SDK v2, on %s', (adapter) => {
  const server = serve(adapter, {
    resource: {
      scopeHierarchy: { todos: ['todos:read', 'todos:write'] },
    },
    controllers: [McpController],
  });
  const mint = (scope = '') => server.mint({ claims: { scope } });

  it.each([
    ['narrow', '', 403, 'todos:read'],
    ['narrow', 'todos:read', 200, undefined],
    ['narrow', 'todos', 200, undefined],
    ['nested', 'todos', 403, 'todos:write audit'],
    ['nested', 'todos audit', 200, undefined],
    ['nested', 'admin', 200, undefined],
    ['computed', '', 403, 'tools:computed:alice'],
    ['computed', 'tools:computed:alice', 200, undefined],
    ['offline', '', 403, 'todos:read'],
    ['own', 'todos', 403, 'todos:read'],
    ['own', 'all', 200, undefined],
  ] as const)('answers %s with "%s" by %d', async (tool, granted, expected, scope) => {
    const { status, headers } = await send(`${server.url}/mcp`, toolCall(tool), {
      token: await mint(granted),
    });
    expect(status).toBe(expected);
    const challenge = headers.get('www-authenticate');
    if (scope === undefined) {
      expect(challenge).toBeNull();
    } else {
      expect(challenge).toContain(`scope="${scope}"`);
      expect(challenge).toContain('error="insufficient_scope"');
      expect(challenge).toContain(
        'resource_metadata="https://api.example.com/.well-known/oauth-protected-resource/notes"',
      );
    }
  });

  it('computes scopes from the arguments, and needs nothing for []', async () => {
    const body = call('tools/call', { name: 'computed', arguments: { where: 'here' } });
    expect((await send(`${server.url}/mcp`, body, { token: await mint() })).status).toBe(200);
  });

  it('works for prompts', async () => {
    const body = call('prompts/get', { name: 'review' });
    const { status, headers } = await send(`${server.url}/mcp`, body, { token: await mint() });
    expect(status).toBe(403);
    expect(headers.get('www-authenticate')).toContain('scope="review"');
  });

  it('answers 500 if a computed requirement is malformed', async () => {
    const { status } = await send(`${server.url}/mcp`, toolCall('malformed'), {
      token: await mint(),
    });
    expect(status).toBe(500);
  });

  it('does not treat an anonymous caller as a caller with all scopes', async () => {
    const { status, headers } = await send(`${server.url}/mcp/open`, toolCall('narrow'));
    expect(status).toBe(403);
    expect(headers.get('www-authenticate')).toContain('scope="todos:read"');
  });

  it('tells a client of MCP 2026-07-28 which scopes are missing', async () => {
    const client = new Client(
      { name: 'test', version: '1.0.0' },
      { versionNegotiation: { mode: 'auto' } },
    );
    await client.connect(
      new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`), {
        requestInit: { headers: { authorization: `Bearer ${await mint()}` } },
      }),
    );
    const refusal: unknown = await client
      .callTool({ name: 'nested' })
      .catch((error: unknown) => error);
    expect(String(refusal)).toContain('required "admin"');
    expect(refusal).toBeInstanceOf(InsufficientScopeError);
    await client.close();
  });

  it('throws an error that says what is wrong with a computed requirement', async () => {
    const handler = toScopeChallenge(() => 'two scopes');
    await expect(handler({ request: { method: 'tools/call' } })).rejects.toThrow(
      'toScopeChallenge(): the requirement must be a single scope',
    );
  });

  it('names the scopes with the prefix of its options to a caller without a token', async () => {
    const handler = toScopeChallenge(['read', 'openid'], { scopePrefix: 'api://todos/' });
    expect(await handler({ request: { method: 'tools/call' } })).toEqual({
      scopes: ['api://todos/read', 'openid'],
    });
  });

  it('refuses a malformed prefix', () => {
    expect(() => toScopeChallenge('read', { scopePrefix: 'api://todos' })).toThrow(
      'toScopeChallenge(): scopePrefix must end with a separator',
    );
  });

  it('refuses a malformed requirement', () => {
    expect(() => toScopeChallenge('two scopes')).toThrow('toScopeChallenge()');
    expect(() => toScopeChallenge({ anyOf: [] })).toThrow('toScopeChallenge()');
  });
});
