import { once } from 'node:events';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Catch,
  Controller,
  Get,
  Param,
  Post,
  UseFilters,
  type ExecutionContext,
  type INestApplication,
} from '@nestjs/common';
import { APP_GUARD, BaseExceptionFilter } from '@nestjs/core';
import { Query, Resolver } from '@nestjs/graphql';
import { ClientProxyFactory, MessagePattern, Transport } from '@nestjs/microservices';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import {
  AuthInfo,
  BearerAuthGuard,
  describePolicies,
  InsufficientScopeException,
  McpAuthConfigurationError,
  McpEndpoint,
  OptionalAuth,
  RequireScopes,
  toScopeChallenge,
  type AuthenticatedRequest,
  type McpEndpointOptions,
} from 'nestjs-mcp-auth';
import { McpServer } from '@modelcontextprotocol/server';
import { lastValueFrom } from 'rxjs';
import { io, type Socket } from 'socket.io-client';
import {
  adapters,
  bearer,
  oneResource,
  RESOURCE,
  startApp,
  startFailure,
  stopApps,
} from '../support/app.js';
import { ask, graphqlModule } from '../support/graphql.js';
import { mcpController } from '../support/mcp/mcp-controller.js';
import { toolCall } from '../support/mcp/todo-server.js';
import { call, send } from '../support/mcp/wire.js';
import { freePort } from '../support/mcp-flow/free-port.js';
import { useIssuer } from '../support/serve.js';
import { TEMPLATE, TenantApp } from '../support/tenant-app.js';
import { controllerOf } from '../docs/support/mcp-server.js';

const PREFIX = 'api://00001111-aaaa-2222-bbbb-3333cccc4444/';
const long = (...names: string[]) => names.map((name) => PREFIX + name).join(' ');

const TOOLS: McpEndpointOptions = {
  tools: { 'list-todos': 'Todos.Read', 'delete-todo': ['Todos.Read', 'Todos.Write'] },
};

/** The scopes that an exception filter of the application sees. */
const required: (readonly string[])[] = [];
@Catch(InsufficientScopeException)
class ScopesFilter extends BaseExceptionFilter {
  override catch(...args: Parameters<BaseExceptionFilter['catch']>) {
    required.push((args[0] as InsufficientScopeException).requiredScopes);
    super.catch(...args);
  }
}

@Controller('notes')
@UseFilters(ScopesFilter)
@RequireScopes('Todos.Read')
class NotesController {
  @Get() list(@AuthInfo('scopes') scopes: string[]) {
    return scopes;
  }

  @Post() @RequireScopes('Todos.Write') write() {
    return {};
  }

  @Get('of/:project')
  @RequireScopes(({ params }: { params: { project: string } }) => `Read.${params.project}`)
  ofProject(@Param('project') project: string) {
    return project;
  }

  @Get('profile') @RequireScopes('openid', 'profile', 'offline_access') profile() {
    return {};
  }
}

@Controller('open')
class OpenController {
  @Post() @OptionalAuth() @McpEndpoint(TOOLS) handle() {
    return {};
  }

  @Post('result') @OptionalAuth() @McpEndpoint({ ...TOOLS, stepUp: 'tool-result' }) result() {
    return {};
  }
}

/** Returns a server whose tool declares its scopes itself, where this library does not see them. */
function registeredAtTheTool(): McpServer {
  const server = new McpServer({ name: 'todos', version: '1.0.0' });
  server.registerTool('delete-todo', { scopeChallenge: toScopeChallenge('Todos.Write') }, () => ({
    content: [],
  }));
  return server;
}

@WebSocketGateway()
class NotesGateway {
  @SubscribeMessage('write') @RequireScopes('Todos.Write') write() {
    return { event: 'written', data: {} };
  }
}

@Controller()
class MessagesController {
  @MessagePattern('write') @RequireScopes('Todos.Write') write() {
    return 'written';
  }
}

/** Reads the token from the payload of a message. */
class PayloadGuard extends BearerAuthGuard {
  protected override getRequest(context: ExecutionContext): AuthenticatedRequest {
    const { authorization } = context.switchToRpc().getData<{ authorization?: string }>();
    return { headers: { authorization } };
  }
}

@Resolver()
class NotesResolver {
  @Query(() => String) @RequireScopes('Todos.Write') write() {
    return 'written';
  }
}

interface Case {
  name: string;
  path: string;
  /** The scopes of the token. `undefined` for a request without a token. */
  scope?: string;
  /** A JSON-RPC message, if it is not a `GET`. */
  body?: unknown;
  status: number;
  /** The `scope` of the challenge. */
  challenged?: string;
}

const cases: Case[] = [
  { name: 'no token', path: 'notes', status: 401, challenged: long('Todos.Read') },
  { name: 'the scope', path: 'notes', scope: 'Todos.Read', status: 200 },
  { name: 'a broader scope', path: 'notes', scope: 'Todos.All', status: 200 },
  {
    name: 'another scope',
    path: 'notes',
    scope: 'Todos.Write',
    status: 403,
    challenged: long('Todos.Read'),
  },
  {
    name: 'a token that has the scope by its long name',
    path: 'notes',
    scope: long('Todos.Read'),
    status: 403,
    challenged: long('Todos.Read'),
  },
  {
    name: 'a computed scope',
    path: 'notes/of/x',
    scope: 'Todos.Read',
    status: 403,
    challenged: long('Todos.Read', 'Read.x'),
  },
  {
    name: 'scopes of OpenID Connect, which have no prefix',
    path: 'notes/profile',
    scope: '',
    status: 403,
    challenged: `${long('Todos.Read')} openid profile`,
  },
  {
    name: 'no token, and a tool call',
    path: 'mcp',
    body: toolCall('delete-todo'),
    status: 401,
    challenged: long('Todos.Read', 'Todos.Write'),
  },
  {
    name: 'a tool call that lacks a scope',
    path: 'mcp',
    body: toolCall('delete-todo'),
    scope: 'Todos.Read',
    status: 403,
    challenged: long('Todos.Read', 'Todos.Write'),
  },
  {
    name: 'a tool call with all scopes',
    path: 'mcp',
    body: toolCall('delete-todo'),
    scope: 'Todos.Read Todos.Write',
    status: 200,
  },
  {
    name: 'a batch',
    path: 'open',
    body: [toolCall('list-todos'), toolCall('delete-todo')],
    scope: '',
    status: 403,
    challenged: long('Todos.Read', 'Todos.Write'),
  },
  {
    name: 'an anonymous caller',
    path: 'open',
    body: toolCall('list-todos'),
    status: 401,
    challenged: long('Todos.Read'),
  },
  {
    name: 'scopes that are registered at the tool',
    path: 'at-the-tool',
    body: toolCall('delete-todo'),
    scope: 'Todos.Read',
    status: 403,
    challenged: long('Todos.Write'),
  },
];

const challengedIn = (challenge: unknown) => /scope="([^"]*)"/.exec(String(challenge))?.[1];

describe.each(adapters)('scopePrefix, on %s', (adapter) => {
  const issuer = useIssuer();
  const mint = (scope: string) => issuer.mint({ audience: RESOURCE, claims: { scope } });
  let url: string;
  let app: INestApplication;

  beforeAll(async () => {
    const metadata = {
      resource: RESOURCE,
      authorizationServers: [issuer.url],
      scopesSupported: ['Todos.Read', 'openid'],
    };
    const AtTheTool = controllerOf(registeredAtTheTool);
    Controller('at-the-tool')(AtTheTool);
    ({ app, url } = await startApp({
      adapter,
      options: {
        protectedResources: {
          metadata,
          scopePrefix: PREFIX,
          scopeHierarchy: { 'Todos.All': ['Todos.Read'] },
        },
      },
      imports: [graphqlModule()],
      controllers: [
        NotesController,
        OpenController,
        AtTheTool,
        mcpController('mcp', 'SDK v2', { ...TOOLS, filterLists: true }),
      ],
      providers: [NotesGateway, NotesResolver],
    }));
  });

  it.each(cases)('answers $status for $name', async ({ path, scope, body, status, challenged }) => {
    const token = scope === undefined ? undefined : await mint(scope);
    const response = await (body === undefined
      ? fetch(`${url}/${path}`, token === undefined ? {} : bearer(token))
      : send(`${url}/${path}`, body, { token }));
    expect(response.status).toBe(status);
    expect(challengedIn(response.headers.get('www-authenticate'))).toBe(challenged);
  });

  it.each([
    ['an anonymous caller', undefined],
    ['a token without the scope', ''],
  ])('is in the challenge of a tool result, for %s', async (_, scope) => {
    const token = scope === undefined ? undefined : await mint(scope);
    const { messages } = await send(`${url}/open/result`, toolCall('list-todos'), { token });
    const { _meta } = messages[0]?.result as { _meta: Record<string, string[]> };
    expect(challengedIn(_meta['mcp/www_authenticate'])).toBe(long('Todos.Read'));
  });

  it('is in the published metadata', async () => {
    const document = await fetch(`${url}/.well-known/oauth-protected-resource/notes`);
    expect(await document.json()).toMatchObject({
      scopes_supported: [long('Todos.Read'), 'openid'],
    });
  });

  it('is not in the scopes that the application sees', async () => {
    const token = await mint('Todos.Read');
    expect(await (await fetch(`${url}/notes`, bearer(token))).json()).toEqual(['Todos.Read']);
    await fetch(`${url}/notes`, { method: 'POST', ...bearer(token) });
    expect(required.at(-1)).toEqual(['Todos.Read', 'Todos.Write']);
    const described = describePolicies(app).find(({ handler }) => handler.endsWith('write'));
    expect(described?.scopes).toEqual(['Todos.Read', 'Todos.Write']);
  });

  it('does not change filtered lists', async () => {
    const tools = async (scope: string) =>
      (await send(`${url}/mcp`, call('tools/list'), { token: await mint(scope) })).text;
    expect(await tools('Todos.Read')).toContain('"list-todos"');
    expect(await tools('Todos.Read')).not.toContain('"delete-todo"');
    expect(await tools(long('Todos.Read'))).not.toContain('"list-todos"');
  });

  it('is in the challenge of GraphQL', async () => {
    const { errors } = await ask(url, '{ write }', await mint(''));
    expect(challengedIn(errors?.[0]?.extensions.challenge)).toBe(long('Todos.Write'));
  });

  it('is in the challenge of a WebSocket message', async () => {
    const { authorization } = bearer(await mint('')).headers;
    const options = { transports: ['websocket'], extraHeaders: { authorization } };
    const socket: Socket = io(url, { ...options, forceNew: true, reconnection: false });
    try {
      socket.emit('write', {});
      const [{ challenge }] = (await once(socket as never, 'exception')) as [{ challenge: string }];
      expect(challengedIn(challenge)).toBe(long('Todos.Write'));
    } finally {
      socket.disconnect();
    }
  });

  it('is in the challenge of a microservice', async () => {
    const options = { host: '127.0.0.1', port: await freePort() };
    const { app: hybrid } = await startApp({
      adapter,
      options: { ...oneResource(issuer.url, { scopePrefix: PREFIX }), guard: false },
      controllers: [MessagesController],
      providers: [{ provide: APP_GUARD, useClass: PayloadGuard }],
      setUp: (created) =>
        created.connectMicroservice(
          { transport: Transport.TCP, options },
          { inheritAppConfig: true },
        ),
    });
    await hybrid.startAllMicroservices();
    const client = ClientProxyFactory.create({ transport: Transport.TCP, options });
    const { authorization } = bearer(await mint('')).headers;
    const rejection: unknown = await lastValueFrom(client.send('write', { authorization })).catch(
      (error: unknown) => error,
    );
    expect(challengedIn((rejection as { challenge: string }).challenge)).toBe(long('Todos.Write'));
    await client.close();
    await hybrid.close();
  });
});

describe.each(adapters)('scopePrefix with {tenant}, on %s', (adapter) => {
  const tested = TenantApp.use(adapter);

  it('names the scopes of each tenant', async () => {
    const resource = {
      metadata: {
        resource: TEMPLATE,
        authorizationServers: [tested.issuer.url],
        scopesSupported: ['admin'],
      },
      scopePrefix: 'https://{tenant}.example.com/notes/',
    };
    await tested.start({ resource });
    for (const tenant of ['acme', 'beta']) {
      const name = `https://${tenant}.example.com/notes/admin`;
      const admin = `${tested.url}/${tenant}/mcp/admin`;
      const rejected = await fetch(admin, bearer(await tested.mint(tenant)));
      expect(challengedIn(rejected.headers.get('www-authenticate'))).toBe(name);
      expect(challengedIn((await fetch(admin)).headers.get('www-authenticate'))).toBe(name);
      expect(await tested.document(tenant)).toMatchObject({ scopes_supported: [name] });
      const token = await tested.mint(tenant, { scope: 'admin' });
      expect((await fetch(admin, bearer(token))).status).toBe(200);
    }
  });
});

describe('decorators that name scopes with the scopePrefix stop the start', () => {
  afterEach(stopApps);
  const REMEDY = (where: string) =>
    `${where} requires "${PREFIX}Todos.Read", but the option "scopePrefix" of ${RESOURCE} is put before scopes; require "Todos.Read", the name that tokens have.`;

  @Controller()
  class LongController {
    @Get() @RequireScopes({ anyOf: ['admin', [`${PREFIX}Todos.Read`]] }) list() {
      return {};
    }
  }

  it.each([
    [LongController, 'LongController.list'],
    [
      mcpController('mcp', 'SDK v2', { tools: { 'list-todos': `${PREFIX}Todos.Read` } }),
      'McpController.handle',
    ],
  ])('on %p', async (controller, where) => {
    const options = oneResource('https://auth.example.com', { scopePrefix: PREFIX });
    const failure = await startFailure({ options, controllers: [controller] });
    expect(failure).toBeInstanceOf(McpAuthConfigurationError);
    expect(failure?.message).toBe(REMEDY(where));
  });
});
