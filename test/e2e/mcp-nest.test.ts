import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Controller, Inject, Post, Req, Res, UseGuards, type Type } from '@nestjs/common';
import {
  MCP_HTTP_HANDLER,
  McpController,
  McpHttpControllerFor,
  StreamableHttpController,
  StreamableHttpTransport,
  Tool,
} from '@rekog/mcp-nest';
import {
  BearerAuthGuard,
  McpEndpoint,
  OptionalAuth,
  Public,
  RequireScopes,
  Resource,
  type McpAuthModuleExtras,
  type McpAuthModuleOptions,
} from 'nestjs-mcp-auth';
import { adapters, bearer, oneResource, RESOURCE, stopApps } from '../support/app.js';
import { useIssuer } from '../support/serve.js';
import { ran, startMcpNest, TodoEndpoint, TodoServer } from '../support/mcp-nest-app.js';

const METADATA_URL = 'https://api.example.com/.well-known/oauth-protected-resource/notes';

const issuer = useIssuer();

beforeEach(() => void ran.splice(0));

const call = (method: string, params: object, id: unknown = 1) => ({
  jsonrpc: '2.0',
  id,
  method,
  params,
});
const tool = (name: string, args: object = {}) => call('tools/call', { name, arguments: args });
const read = (uri: string) => call('resources/read', { uri });

async function token(scope?: string, audience = RESOURCE): Promise<string> {
  return issuer.mint({ audience, claims: { scope, roles: ['auditor'] } });
}

async function send(url: string, body: unknown, scope?: string): Promise<Response> {
  const { headers } = bearer(await token(scope));
  return post(url, body, headers);
}

async function post(url: string, body: unknown, headers: object = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: JSON.stringify(body),
  });
}

function insufficient(scope: string): string {
  return `Bearer error="insufficient_scope", error_description="The access token lacks a scope that this operation needs.", resource_metadata="${METADATA_URL}", scope="${scope}"`;
}

describe.each(adapters)('MCP-Nest on %s', (adapter) => {
  let url: string;
  let stateful: string;

  beforeAll(async () => {
    const options = oneResource(issuer.url, {
      scopeHierarchy: { todos: ['read:todos', 'create:todos'] },
    });
    url = `${(await startMcpNest({ adapter, options })).url}/mcp`;
    const transport = { statefulMode: true };
    stateful = `${(await startMcpNest({ adapter, options, transport })).url}/mcp`;
  });
  afterAll(stopApps);

  it.each([
    ['a tool', tool('create-todo'), 'read:todos', 'read:todos create:todos'],
    ['a tool, any of two', tool('delete-todo', { id: '1' }), undefined, 'admin'],
    [
      'a tool, by its arguments',
      tool('move-todo', { to: 'trash' }),
      'read:todos',
      'read:todos delete:todos',
    ],
    ['a prompt', call('prompts/get', { name: 'review' }), 'other', 'read:todos'],
    ['a resource', read('todo://list'), 'other', 'read:todos'],
    ['a resource by a template', read('todo://items/1'), 'read:todos', 'read:items'],
    [
      'a batch',
      [call('ping', {}), tool('create-todo'), read('todo://items/1')],
      'read:todos',
      'read:todos create:todos read:items',
    ],
    [
      'a notification',
      { jsonrpc: '2.0', method: 'tools/call', params: { name: 'create-todo' } },
      undefined,
      'read:todos create:todos',
    ],
    // MCP-Nest ignores these parts of a URI, so they must not change the required scopes.
    ['a URI of another scheme', read('x://list'), 'other', 'read:todos'],
    ['a URI without a scheme', read('list'), 'other', 'read:todos'],
    ['a URI in capitals', read('todo://LIST'), 'other', 'read:todos'],
    ['a URI with a slash', read('todo://list/'), 'other', 'read:todos'],
    ['a URI with a second scheme', read('x://items/1://y'), 'other', 'read:items'],
    ['a templated URI with a query', read('todo://items/1?x=://list'), 'other', 'read:items'],
    [
      'a templated URI with a path in its query',
      read('todo://items/1?x=a/b'),
      'other',
      'read:items',
    ],
    ['a templated URI, encoded', read('todo://items/%31'), 'other', 'read:items'],
  ] as [string, unknown, string | undefined, string][])(
    'rejects %s with 403 and all scopes that it needs',
    async (_what, body, scope, challenged) => {
      const response = await send(url, body, scope);

      expect(response.status).toBe(403);
      expect(response.headers.get('www-authenticate')).toBe(insufficient(challenged));
      expect(ran).toEqual([]);
    },
  );

  it.each([
    ['a tool', tool('create-todo'), 'read:todos create:todos', 'created'],
    ['a tool, by an implied scope', tool('create-todo'), 'todos', 'created'],
    ['a tool, any of two', tool('delete-todo', { id: '1' }), 'delete:todos', 'deleted 1'],
    ['a tool, by its arguments', tool('move-todo', { to: 'done' }), 'read:todos', 'moved to done'],
    ['a prompt', call('prompts/get', { name: 'review' }), 'read:todos', 'Go'],
    ['a resource', read('todo://list'), 'read:todos', 'all'],
    ['a resource by a template', read('todo://items/1'), 'read:items', 'one'],
    ['a list of tools', call('tools/list', {}), undefined, 'create-todo'],
    ['a list of prompts', call('prompts/list', {}), undefined, 'review'],
    ['a list of resources', call('resources/list', {}), undefined, 'todo://list'],
    ['a list of templates', call('resources/templates/list', {}), undefined, 'todo://items/{id}'],
  ] as [string, unknown, string | undefined, string][])(
    'lets %s through with enough scopes',
    async (_what, body, scope, answer) => {
      const response = await send(url, body, scope);

      expect(response.status).toBe(200);
      expect(await response.text()).toContain(answer);
    },
  );

  it('challenges an unauthenticated request with the scopes of the tool', async () => {
    const response = await post(url, tool('create-todo'));

    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe(
      `Bearer resource_metadata="${METADATA_URL}", scope="read:todos create:todos"`,
    );
  });

  it('rejects a body that only MCP-Nest would read', async () => {
    const { headers } = bearer(await token('other'));
    const response = await post(url, tool('create-todo'), {
      ...headers,
      'content-type': 'text/plain',
    });

    expect(response.status).toBe(400);
    expect(ran).toEqual([]);
  });

  it.each(['GET', 'DELETE'])('needs a token for %s too', async (method) => {
    const { headers } = bearer(await token());
    expect((await fetch(url, { method })).status).toBe(401);
    expect((await fetch(url, { method, headers })).status).toBe(405);
  });

  it.each([
    ['stateless, 2025', () => url, {}],
    ['stateless, 2026-07-28', () => url, { versionNegotiation: { mode: 'auto' } }],
    ['with sessions, 2025', () => stateful, {}],
  ] as const)('serves a client of the MCP SDK: %s', async (_name, endpoint, options) => {
    const client = new Client({ name: 'test', version: '1.0.0' }, options);
    const transport = new StreamableHTTPClientTransport(new URL(endpoint()), {
      authProvider: { token: () => token('read:todos') },
    });
    try {
      await client.connect(transport);

      const { tools } = await client.listTools();
      expect(tools.map(({ name }) => name)).toContain('create-todo');
      const { content } = await client.callTool({ name: 'whoami' });
      const seen = JSON.parse((content as { text: string }[])[0]?.text ?? '') as object;
      expect(seen).toEqual({ subject: 'alice', injected: 'alice', scopes: ['read:todos'] });
      expect((await client.readResource({ uri: 'todo://list' })).contents).toHaveLength(1);
      await expect(client.callTool({ name: 'create-todo' })).rejects.toThrow(/scope/i);
      expect(ran).toEqual(['list']);
    } finally {
      await client.close();
    }
  });

  describe('the own @ToolScopes() of MCP-Nest', () => {
    it('reads granted and implied scopes from request.user', async () => {
      const refused = await send(url, tool('theirs'), 'other');
      expect(await refused.text()).toContain('requires scopes: read:todos');

      const answer = await (await send(url, tool('theirs'), 'todos')).json();
      const { user } = JSON.parse(
        (answer as { result: { content: { text: string }[] } }).result.content[0]?.text ?? '',
      ) as { user: object };
      expect(user).toMatchObject({
        sub: 'alice',
        roles: ['auditor'],
        scope: 'todos read:todos create:todos',
        scopes: ['todos', 'read:todos', 'create:todos'],
      });
    });

    it('names our metadata in its challenges', async () => {
      const transport = { stepUpAuthorization: {} };
      const app = await startMcpNest({ adapter, options: oneResource(issuer.url), transport });
      const response = await send(`${app.url}/mcp`, tool('theirs'), 'other');

      expect(response.status).toBe(403);
      expect(response.headers.get('www-authenticate')).toContain(
        `resource_metadata="${METADATA_URL}"`,
      );
    });
  });
});

function boundController(transport: StreamableHttpTransport): Type {
  @Controller('mcp')
  class Endpoint extends McpHttpControllerFor(transport) {}
  return Endpoint;
}

function injectingController(): Type {
  @Controller('mcp')
  class Endpoint {
    constructor(@Inject(MCP_HTTP_HANDLER) private readonly handler: { handlePost: Handle }) {}

    @Post() async handle(@Req() request: unknown, @Res() response: unknown): Promise<void> {
      await this.handler.handlePost(request, response);
    }
  }
  return Endpoint;
}

type Handle = (request: unknown, response: unknown) => Promise<void> | void;

describe('MCP-Nest', () => {
  afterEach(stopApps);

  const start = (
    controllers: Type[],
    options: McpAuthModuleOptions & McpAuthModuleExtras = oneResource(issuer.url),
  ) => startMcpNest({ adapter: 'express', options, controllers });

  it('applies the scopes of the class, and of the HTTP controller', async () => {
    @McpController()
    @RequireScopes('todos')
    class Tools {
      @Tool({ name: 'purge', description: 'Purge' })
      @RequireScopes('admin')
      purge() {
        return {};
      }
    }
    @Controller('mcp')
    @RequireScopes('mcp')
    class Endpoint extends StreamableHttpController {}
    const { url } = await start([Tools, Endpoint]);

    const response = await send(`${url}/mcp`, tool('purge'), 'mcp todos');
    expect(response.headers.get('www-authenticate')).toBe(insufficient('mcp todos admin'));
    expect((await send(`${url}/mcp`, call('tools/list', {}), 'mcp')).status).toBe(200);
    expect((await send(`${url}/mcp`, call('tools/list', {}), 'todos')).status).toBe(403);
  });

  it('applies inherited decorators', async () => {
    class Base {
      @Tool({ name: 'purge', description: 'Purge' })
      @RequireScopes('admin')
      purge() {
        return {};
      }
    }
    @McpController()
    class Tools extends Base {}
    const { url } = await start([Tools, TodoEndpoint]);

    expect((await send(`${url}/mcp`, tool('purge'), 'other')).status).toBe(403);
  });

  it('lets anonymous callers use operations without scopes, with @OptionalAuth() on the HTTP controller', async () => {
    @Controller('mcp')
    @OptionalAuth()
    class Endpoint extends StreamableHttpController {}
    const { url } = await start([TodoServer, Endpoint]);

    expect((await post(`${url}/mcp`, call('tools/list', {}))).status).toBe(200);
    expect((await post(`${url}/mcp`, tool('create-todo'))).status).toBe(401);
  });

  it('guards tools only at the HTTP controller, even if the guard is also bound to messages', async () => {
    const hybrid = { inheritAppConfig: true };
    const options = oneResource(issuer.url);
    const { url } = await startMcpNest({ adapter: 'express', options, hybrid });

    const scopes = 'read:todos create:todos';
    expect(await (await send(`${url}/mcp`, tool('create-todo'), scopes)).text()).toContain(
      'created',
    );
    expect((await send(`${url}/mcp`, tool('create-todo'), 'read:todos')).status).toBe(403);
  });

  it.each([
    ['McpHttpControllerFor(transport)', boundController],
    ['a controller that injects MCP_HTTP_HANDLER', injectingController],
  ])('recognizes %s as an HTTP controller', async (_name, endpointFor) => {
    const transport = new StreamableHttpTransport();
    const options = oneResource(issuer.url);
    const controllers = [TodoServer, endpointFor(transport)];
    const { url } = await startMcpNest({ adapter: 'express', options, controllers, transport });

    expect((await send(`${url}/mcp`, tool('whoami'))).status).toBe(200);
    expect((await send(`${url}/mcp`, tool('create-todo'))).status).toBe(403);
  });

  it('applies the options of an @McpEndpoint() on the HTTP controller', async () => {
    @Controller('mcp')
    class Endpoint extends StreamableHttpController {
      @Post()
      @McpEndpoint({
        defaultDeny: true,
        tools: { whoami: 'who' },
        filterLists: true,
        stepUp: 'tool-result',
      })
      override post(@Req() request: unknown, @Res() response: unknown) {
        return super.post(request, response);
      }
    }
    const { url } = await start([TodoServer, Endpoint]);
    const answer = async (body: unknown, scope?: string) => {
      const response = await send(`${url}/mcp`, body, scope);
      return `${response.status} ${await response.text()}`;
    };

    expect(await answer(tool('theirs'), 'read:todos')).toMatch(/^200 .*read:todos/s);
    expect(await answer(tool('whoami'))).toMatch(/^200 .*"isError":true.*scope=\\"who\\"/s);
    expect(await answer(tool('create-todo'))).toMatch(/^200 .*"isError":true.*create:todos/s);
    expect(await answer(tool('registered-later'))).toMatch(/^403 /);
    const list = await answer(call('tools/list', {}), 'who delete:todos');
    expect(list).toMatch(/whoami.*delete-todo/s);
    expect(list).not.toContain('create-todo');
  });

  it('applies scopes if the application binds the guard itself', async () => {
    @Controller('mcp')
    @UseGuards(BearerAuthGuard)
    class Endpoint extends StreamableHttpController {}
    const { url } = await start([TodoServer, Endpoint], {
      ...oneResource(issuer.url),
      guard: false,
    });

    expect((await send(`${url}/mcp`, tool('create-todo'))).status).toBe(403);
    expect((await send(`${url}/mcp`, tool('whoami'))).status).toBe(200);
  });

  it("keeps users out of each other's sessions", async () => {
    const options = oneResource(issuer.url);
    const transport = { statefulMode: true, enableJsonResponse: true };
    const { url } = await startMcpNest({ adapter: 'express', options, transport });
    const initialize = call('initialize', {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'test', version: '1' },
    });
    const opened = await send(`${url}/mcp`, initialize);
    const session = { 'mcp-session-id': opened.headers.get('mcp-session-id') };
    const as = async (sub: string) => {
      const { headers } = bearer(await issuer.mint({ audience: RESOURCE, claims: { sub } }));
      return post(`${url}/mcp`, call('tools/list', {}), { ...headers, ...session });
    };

    expect(opened.status).toBe(200);
    expect((await as('alice')).status).toBe(200);
    expect((await as('mallory')).status).toBe(404);
  });

  const OTHER = 'https://api.example.com/admin';
  const twoResources = () => ({
    protectedResources: [RESOURCE, OTHER].map((resource) => ({
      metadata: { resource, authorizationServers: [issuer.url] },
    })),
  });

  it('applies the requirement of its own resource if two servers have a tool of the same name', async () => {
    @McpController()
    @Resource(RESOURCE)
    class Notes {
      @Tool({ name: 'search', description: 'Search' }) @RequireScopes('read:notes') search() {
        return {};
      }
    }
    @McpController({ server: 'admin' })
    @Resource(OTHER)
    class Admin {
      @Tool({ name: 'search', description: 'Search' }) @RequireScopes('audit') search() {
        return {};
      }
      @Tool({ name: 'ban', description: 'Ban' }) @RequireScopes('ban') ban() {
        return {};
      }
    }
    @Controller('mcp')
    @Resource(RESOURCE)
    class NotesEndpoint extends StreamableHttpController {}
    @Controller('admin')
    @Resource(OTHER)
    class AdminEndpoint extends StreamableHttpController {}
    const { url } = await start([Notes, Admin, NotesEndpoint, AdminEndpoint], twoResources());

    const refused = await send(`${url}/mcp`, tool('search'), 'audit');
    expect(refused.headers.get('www-authenticate')).toBe(insufficient('read:notes'));
    expect((await send(`${url}/mcp`, tool('search'), 'read:notes')).status).toBe(200);
    // Only the other server has this tool. The library cannot know which server is behind this controller.
    expect((await send(`${url}/mcp`, tool('ban'), 'read:notes')).status).toBe(403);
    const admin = bearer(await token('read:notes', OTHER));
    expect((await post(`${url}/admin`, tool('search'), admin.headers)).status).toBe(403);
  });

  describe('does not start', () => {
    class Method {
      @Tool({ description: 'Purge' }) purge() {
        return {};
      }
    }
    const refused = async (controllers: Type[], options = oneResource(issuer.url)) =>
      start(controllers, options).then(
        () => 'started',
        (error: unknown) => (error as Error).message,
      );

    it('with a transport that mounts its own route, without the guard', async () => {
      expect(await refused([TodoServer])).toMatch(
        /MCP-Nest may serve TodoServer\.whoami without the guard\. Give its server a protected controller/,
      );
    });

    it('with scopes behind a @Public() HTTP controller', async () => {
      @Controller('mcp')
      @Public()
      class Endpoint extends StreamableHttpController {}
      expect(await refused([TodoServer, Endpoint])).toContain(
        'MCP-Nest may serve TodoServer.create without',
      );
    });

    it('with more servers than HTTP controllers', async () => {
      @McpController({ server: 'admin' })
      class Admin extends Method {}
      expect(await refused([TodoServer, TodoEndpoint, Admin])).toMatch(
        /MCP-Nest may serve Admin\.purge without the guard\. Give its server "admin" a/,
      );
    });

    it.each([
      ['@Public()', Public],
      ['@OptionalAuth()', OptionalAuth],
    ])('with %s on a tool', async (_name, decorator) => {
      @McpController()
      class Tools {
        @Tool({ description: 'Purge' }) @decorator() purge() {
          return {};
        }
      }
      expect(await refused([Tools, TodoEndpoint])).toMatch(
        /^Tools\.purge is served by MCP-Nest: its HTTP controller decides .* put @OptionalAuth\(\) on that controller instead\.$/,
      );
    });

    it('with @Public() on a class and scopes on its tools', async () => {
      @McpController()
      @Public()
      class Tools {
        @Tool({ description: 'Purge' }) @RequireScopes('admin') purge() {
          return {};
        }
      }
      expect(await refused([Tools, TodoEndpoint])).toBe(
        'Tools.purge is @Public() and yet @RequireScopes(); remove one of the two decorators.',
      );
    });

    it('with an HTTP controller that belongs to none of several resources', async () => {
      expect(await refused([TodoServer, TodoEndpoint], twoResources())).toMatch(
        /^TodoEndpoint\.post belongs to no resource; add @Resource/,
      );
    });

    it('with a tool of an unknown resource', async () => {
      @McpController()
      @Resource('https://elsewhere.example.com')
      class Tools extends Method {}
      expect(await refused([Tools, TodoEndpoint])).toMatch(/^Tools\.purge belongs to @Resource/);
    });
  });

  it('starts without an HTTP controller if the class is @Public(), for example for stdio', async () => {
    @McpController()
    @Public()
    class Tools {
      @Tool({ description: 'Purge' }) purge() {
        return {};
      }
    }
    await expect(start([Tools])).resolves.toBeDefined();
  });
});
