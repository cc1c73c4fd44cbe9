import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Post, Req, Res } from '@nestjs/common';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import {
  McpEndpoint,
  OptionalAuth,
  nodeRequest,
  nodeResponse,
  type McpEndpointOptions,
  type AdapterRequest,
  type AdapterResponse,
} from 'nestjs-mcp-auth';
import { adapters } from '../support/app.js';
import { serve } from '../support/serve.js';
import { mcpController } from '../support/mcp/mcp-controller.js';
import { HANDLERS, TOOLS } from '../support/mcp/todo-server.js';
import { call, send } from '../support/mcp/wire.js';

const OPTIONS: McpEndpointOptions = {
  filterLists: true,
  tools: {
    'create-todo': 'todos:create',
    'delete-todo': { anyOf: ['todos:delete', ['todos:create', 'audit']] },
    'move-todo': () => 'never',
  },
  prompts: { review: 'review' },
  resources: {
    'todo://secret': 'secret',
    'todo://{id}/notes/{note}': 'notes',
  },
};

const SERVERS = Object.keys(HANDLERS).map((name, index) => ({ name, path: `mcp-${index}` }));

const entry = (name: string) => ({ name, inputSchema: { type: 'object' } });
const LARGE = 'x'.repeat(11 * 1024 * 1024);

/** Handlers that return their answer to Nest or write to the response of Node. */
@Controller('own')
class OwnController {
  @Post('returned')
  @McpEndpoint(OPTIONS)
  returned(@Body() { id }: { id: number }) {
    return { jsonrpc: '2.0', id, result: { tools: TOOLS.map(entry), nextCursor: 'more' } };
  }

  /** Answers like a server without an SDK, with any id. */
  @Post('echo')
  @McpEndpoint(OPTIONS)
  echo(@Body() { id = null }: { id?: unknown }) {
    return { jsonrpc: '2.0', id, result: { tools: TOOLS.map(entry) } };
  }

  /** Answers like compression between the handler and Node. */
  @Post('compressed')
  @McpEndpoint(OPTIONS)
  compressed(
    @Req() request: AdapterRequest,
    @Res() response: AdapterResponse,
    @Body() { id, method }: { id: number; method: string },
  ) {
    const raw = nodeResponse(response);
    const json = JSON.stringify({
      jsonrpc: '2.0',
      id,
      result: { tools: TOOLS.map(entry), method },
    });
    if (nodeRequest(request).headers['accept-encoding'] === 'gzip') {
      raw.setHeader('content-encoding', 'gzip').end(gzipSync(json));
    } else {
      raw.end(json);
    }
  }

  @Post('public')
  @McpEndpoint(OPTIONS)
  publicCache(@Body() { id }: { id: number }) {
    return { jsonrpc: '2.0', id, result: { tools: [], cacheScope: 'public', ttlMs: 1 } };
  }

  @Post('other-id')
  @McpEndpoint(OPTIONS)
  otherId(@Res() response: AdapterResponse) {
    const raw = nodeResponse(response);
    raw.writeHead(200, ['Content-Type', 'application/json', 'X-Mine', 'a', 'X-Mine', 'b']);
    raw.write('{ "jsonrpc": "2.0", "id": "other",');
    raw.end('  "result": {"tools": [{"name": "create-todo"}]} }');
  }

  @Post('text')
  @McpEndpoint(OPTIONS)
  text(@Res() response: AdapterResponse) {
    const raw = nodeResponse(response);
    raw.setHeader('content-type', 'text/plain');
    raw.end(Buffer.from([0xff, 0x00, 0xc3, 0x28]));
  }

  @Post('large')
  @McpEndpoint(OPTIONS)
  large(@Body() { id }: { id: number }) {
    return { jsonrpc: '2.0', id, result: { tools: [], text: LARGE } };
  }

  /** Sends a comment. When the client has read the comment, sends one event in two pieces. */
  @Post('stream')
  @McpEndpoint(OPTIONS)
  stream(@Res() response: AdapterResponse, @Body() { id }: { id: number }) {
    const raw = nodeResponse(response);
    raw.writeHead(200, { 'content-type': 'text/event-stream' });
    raw.flushHeaders();
    raw.write(': hello\n\n');
    proceed = () => {
      const list = { jsonrpc: '2.0', id, result: { tools: TOOLS.map(entry) } };
      const [a, b] = JSON.stringify(list).split('create');
      raw.write(`event: message\nid: 7\ndata: ${a}cre`);
      raw.write(`ate${b}\n\n`);
      raw.end();
    };
  }

  /** Answers with a stream that has the result of an earlier request. */
  @Get('stream')
  @McpEndpoint(OPTIONS)
  resume(@Res() response: AdapterResponse) {
    const raw = nodeResponse(response);
    raw.writeHead(200, { 'Content-Type': 'text/event-stream' });
    const list = { jsonrpc: '2.0', id: 1, result: { tools: TOOLS.map(entry) } };
    raw.end(`data: ${JSON.stringify(list)}\n\n`);
  }

  /** Answers like a server with sessions whose client repeats an id: the list answers the later request. */
  @Post('session')
  @McpEndpoint(OPTIONS)
  session(@Body() { id }: { id: number }) {
    const content = [{ type: 'resource_link', uri: 'todo://secret', name: 'create-todo' }];
    return { jsonrpc: '2.0', id, result: { tools: TOOLS.map(entry), content } };
  }

  @Post('anonymous')
  @OptionalAuth()
  @McpEndpoint({ ...OPTIONS, methods: { 'prompts/get': 'prompts' } })
  anonymous(@Body() { id }: { id: number }) {
    const names = [{ name: 'review' }, { name: 'plan' }];
    return { jsonrpc: '2.0', id, result: { tools: TOOLS.map(entry), prompts: names } };
  }
}

let proceed: (() => void) | undefined;

const names = (list: unknown, key = 'name') =>
  (list as Record<string, string>[] | undefined)?.map((item) => item[key]);

describe.each(adapters)('filterLists, on %s', (adapter) => {
  const server = serve(adapter, {
    resource: { scopeHierarchy: { todos: ['todos:create'] } },
    controllers: [
      OwnController,
      ...SERVERS.map(({ name, path }) => mcpController(path, name, OPTIONS)),
      ...SERVERS.map(({ name, path }) =>
        mcpController(`strict/${path}`, name, { ...OPTIONS, defaultDeny: true }),
      ),
    ],
  });
  const mint = (scope = '') => server.mint({ claims: { scope } });

  describe.each(SERVERS)('$name', ({ path }) => {
    it.each([
      ['', ['list-todos', 'move-todo']],
      ['todos:create', ['list-todos', 'create-todo', 'move-todo']],
      ['todos', ['list-todos', 'create-todo', 'move-todo']],
      ['todos audit', TOOLS],
      ['todos:delete', ['list-todos', 'delete-todo', 'move-todo']],
    ])('lists for the scopes "%s" the tools %j', async (scope, expected) => {
      const asked = call('tools/list');
      const { messages, status, headers } = await send(`${server.url}/${path}`, asked, {
        token: await mint(scope),
      });
      expect(status).toBe(200);
      expect(messages.map(({ id }) => id)).toEqual([asked.id]);
      const { tools } = messages[0]?.result as Record<string, unknown>;
      expect(names(tools)).toEqual(expected);
      expect(headers.get('etag')).toBeNull();
    });

    it.each([
      ['prompts/list', 'prompts', 'name', ['plan']],
      ['resources/list', 'resources', 'uri', ['todo://list']],
      ['resources/templates/list', 'resourceTemplates', 'uriTemplate', ['todo://{id}']],
    ])('also filters %s', async (method, member, key, expected) => {
      const { messages } = await send(`${server.url}/${path}`, call(method), {
        token: await mint(),
      });
      const result = messages[0]?.result as Record<string, unknown>;
      expect(names(result[member], key)).toEqual(expected);
    });

    it('with defaultDeny lists only operations that are named', async () => {
      const { messages } = await send(`${server.url}/strict/${path}`, call('tools/list'), {
        token: await mint('todos'),
      });
      const { tools } = messages[0]?.result as Record<string, unknown>;
      expect(names(tools)).toEqual(['create-todo', 'move-todo']);
    });

    it('leaves other answers unchanged', async () => {
      const { messages } = await send(
        `${server.url}/${path}`,
        call('tools/call', { name: 'list-todos', arguments: {} }),
        { token: await mint() },
      );
      const { content } = messages[0]?.result as { content: unknown };
      expect(content).toEqual([{ type: 'text', text: 'list-todos ✓' }]);
    });
  });

  it('filters lists of MCP 2026-07-28', async () => {
    const client = new Client(
      { name: 'test', version: '1.0.0' },
      { versionNegotiation: { mode: 'auto' } },
    );
    await client.connect(
      new StreamableHTTPClientTransport(new URL(`${server.url}/mcp-2`), {
        requestInit: { headers: { authorization: `Bearer ${await mint('todos')}` } },
      }),
    );
    expect(client.getNegotiatedProtocolVersion()).toBe('2026-07-28');
    expect(names((await client.listTools()).tools)).toEqual([
      'list-todos',
      'create-todo',
      'move-todo',
    ]);
    await client.close();
  });

  it('filters what a Nest handler returns, and keeps cursor and length right', async () => {
    const { messages, headers, text } = await send(
      `${server.url}/own/returned`,
      call('tools/list'),
      {
        token: await mint(),
        'accept-encoding': 'gzip',
      },
    );
    const { tools, nextCursor } = messages[0]?.result as Record<string, unknown>;
    expect(names(tools)).toEqual(['list-todos', 'move-todo']);
    expect(nextCursor).toBe('more');
    expect(headers.get('content-length')).toBe(String(Buffer.byteLength(text)));
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(headers.get('etag')).toBeNull();
  });

  it('has lists sent uncompressed, unlike other answers', async () => {
    const more = { token: await mint(), 'accept-encoding': 'gzip' };
    const { messages, headers } = await send(
      `${server.url}/own/compressed`,
      call('tools/list'),
      more,
    );
    expect(names((messages[0]?.result as Record<string, unknown>).tools)).toEqual([
      'list-todos',
      'move-todo',
    ]);
    expect(headers.get('content-encoding')).toBeNull();
    const other = await send(`${server.url}/own/compressed`, call('ping'), more);
    expect(other.headers.get('content-encoding')).toBe('gzip');
  });

  it('lists only operations without scopes for an anonymous caller', async () => {
    const { messages } = await send(`${server.url}/own/anonymous`, call('tools/list'));
    const { tools, prompts } = messages[0]?.result as Record<string, unknown>;
    expect(names(tools)).toEqual(['list-todos', 'move-todo']);
    expect(prompts).toEqual([]);
  });

  it('filters each list of a batch', async () => {
    const batch = [call('tools/list'), call('ping'), call('prompts/list')];
    const { messages } = await send(`${server.url}/mcp-0`, batch, { token: await mint() });
    const results = messages.map(({ result }) => result as Record<string, unknown>);
    expect(messages.map(({ id }) => id)).toEqual(batch.map(({ id }) => id));
    expect(names(results[0]?.tools)).toEqual(['list-todos', 'move-todo']);
    expect(results[1]).toEqual({});
    expect(names(results[2]?.prompts)).toEqual(['plan']);
  });

  it('marks a filtered list as private to the caller’s cache', async () => {
    const { messages } = await send(`${server.url}/own/public`, call('tools/list'), {
      token: await mint(),
    });
    expect(messages[0]?.result).toEqual({ tools: [], cacheScope: 'private', ttlMs: 1 });
  });

  it('leaves an answer that is not a list unchanged, byte for byte', async () => {
    const token = await mint();
    const { text, headers } = await send(`${server.url}/own/other-id`, call('tools/list'), {
      token,
    });
    expect(text).toBe(
      '{ "jsonrpc": "2.0", "id": "other",  "result": {"tools": [{"name": "create-todo"}]} }',
    );
    expect(headers.get('x-mine')).toBe('a, b');
    const response = await fetch(`${server.url}/own/text`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(call('tools/list')),
    });
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0xff, 0x00, 0xc3, 0x28]);
  });

  it.each(['1e400', '[1]', '{"a":1}', 'null', undefined])(
    'filters a list whose request has the id %s, which MCP forbids',
    async (id) => {
      const response = await fetch(`${server.url}/own/echo`, {
        method: 'POST',
        headers: { authorization: `Bearer ${await mint()}`, 'content-type': 'application/json' },
        body: `{"jsonrpc":"2.0",${id === undefined ? '' : `"id":${id},`}"method":"tools/list"}`,
      });
      const { result } = (await response.json()) as { result: { tools: unknown } };
      expect(names(result.tools)).toEqual(['list-todos', 'move-todo']);
    },
  );

  it('breaks off an answer whose list is too long to filter', async () => {
    const token = await mint();
    await expect(send(`${server.url}/own/large`, call('tools/list'), { token })).rejects.toThrow();
  });

  it('keeps streaming events', async () => {
    const response = await fetch(`${server.url}/own/stream`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await mint()}`, 'content-type': 'application/json' },
      body: JSON.stringify(call('tools/list')),
    });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toBe(': hello\n\n');
    proceed?.();
    let rest = '';
    for (let read = await reader?.read(); !read?.done; read = await reader?.read()) {
      rest += read?.value ?? '';
    }
    expect(rest).toMatch(/^event: message\nid: 7\ndata: \{.*\}\n\n$/);
    expect(rest).toContain('list-todos');
    expect(rest).not.toContain('create-todo');
  });

  it('filters a list of the same session that arrives in the answer to another request', async () => {
    const asked = call('tools/call', { name: 'list-todos' });
    const token = await mint();
    const answered = async (more = {}) => {
      const { messages } = await send(`${server.url}/own/session`, asked, { token, ...more });
      return messages[0]?.result as { tools: unknown; content: object[] };
    };
    const { tools, content } = await answered({ 'mcp-session-id': 'one' });
    expect(names(tools)).toEqual(['list-todos', 'move-todo']);
    expect(content).toHaveLength(1);
    expect(names((await answered()).tools)).toEqual(TOOLS);
  });

  it('filters a list in a resumed stream', async () => {
    const response = await fetch(`${server.url}/own/stream`, {
      headers: { authorization: `Bearer ${await mint()}`, 'last-event-id': '6' },
    });
    const text = await response.text();
    expect(text).toContain('list-todos');
    expect(text).not.toContain('create-todo');
  });
});
