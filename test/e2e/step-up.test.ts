import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { All, Body, Controller, Req, Res } from '@nestjs/common';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import {
  McpEndpoint,
  RequireScopes,
  nodeRequest,
  nodeResponse,
  type AdapterRequest,
  type AdapterResponse,
  type ProtectedResourceOptions,
} from 'nestjs-mcp-auth';
import { startDevServer } from 'nestjs-mcp-auth/dev-server';
import { adapters, createApp, stopApps, type AdapterName } from '../support/app.js';
import { CLIENTS } from '../support/mcp-flow/clients.js';
import { freePort } from '../support/mcp-flow/free-port.js';
import { SteppingClient } from '../support/mcp-flow/stepping-client.js';

const SCOPES = ['Todos.Read', 'Todos.Delete', 'Todos.Archive'];
const TOOLS = { 'delete-todo': 'Todos.Delete', 'archive-todo': 'Todos.Archive' };
const DONE = [{ type: 'text', text: 'done' }];

@Controller('mcp')
@RequireScopes('Todos.Read')
class McpController {
  private readonly answer = toNodeHandler(
    createMcpHandler(() => {
      const server = new McpServer({ name: 'todos', version: '1.0.0' });
      for (const name of Object.keys(TOOLS)) {
        server.registerTool(name, {}, () => ({ content: [{ type: 'text', text: 'done' }] }));
      }
      return server;
    }),
  );

  @All()
  @McpEndpoint({ tools: TOOLS })
  async handle(
    @Req() request: AdapterRequest,
    @Res() response: AdapterResponse,
    @Body() body: unknown,
  ) {
    await this.answer(nodeRequest(request), nodeResponse(response), body ?? undefined);
  }
}

interface World {
  name: string;
  /** The prefix that clients put before a scope. */
  prefix: string;
  resource: Partial<ProtectedResourceOptions>;
  shapeToken?: (claims: Record<string, unknown>) => void;
}

const API = '00001111-aaaa-2222-bbbb-3333cccc4444';
const PREFIX = `api://${API}/`;

/** A provider whose scopes have the same name in tokens and in requests of clients. */
const ONE_NAME: World = { name: 'scopes of one name', prefix: '', resource: {} };

/** A provider such as Microsoft Entra ID, with shorter scope names in tokens and the id of the API as audience. */
const LONG_NAMES: World = {
  name: 'scopes that clients request by longer names',
  prefix: PREFIX,
  resource: { audience: API, scopePrefix: PREFIX },
  shapeToken: (claims) => {
    const { scope, client_id, ...rest } = claims;
    const scp = String(scope).replaceAll(PREFIX, '');
    for (const name of Object.keys(claims)) {
      Reflect.deleteProperty(claims, name);
    }
    Object.assign(claims, rest, { aud: API, azp: client_id, scp });
  },
};

interface Running {
  /** Makes a client of a user who has all scopes. */
  client: (kind: keyof typeof CLIENTS) => SteppingClient;
  close: () => Promise<void>;
}

async function start(
  adapter: AdapterName,
  { prefix, resource, shapeToken }: World,
): Promise<Running> {
  const port = await freePort();
  const identifier = `http://localhost:${port}/mcp`;
  const scopes = SCOPES.map((scope) => prefix + scope);
  const user = { username: 'ada', password: 'lovelace', scopes };
  const authorizationServer = await startDevServer({
    port: 0,
    resources: [{ resource: identifier, scopes }],
    users: [user],
    configure: (configuration) => ({
      ...configuration,
      formats: {
        customizers: { jwt: (_context, _token, { payload }) => shapeToken?.(payload) },
      },
    }),
  });
  const app = await createApp({
    adapter,
    options: {
      protectedResources: {
        metadata: {
          resource: identifier,
          authorizationServers: [authorizationServer.issuer],
          scopesSupported: SCOPES,
        },
        ...resource,
      },
    },
    controllers: [McpController],
    nest: { forceCloseConnections: true },
  });
  await app.listen(port, 'localhost');
  return {
    client: (kind) => new SteppingClient(kind, new URL(identifier), user),
    close: async () => {
      await stopApps();
      await authorizationServer.close();
    },
  };
}

/** Logs in to connect, and again for each tool. Then calls all tools. */
async function stepUp(client: SteppingClient, ...tools: (keyof typeof TOOLS)[]): Promise<void> {
  expect(await client.isSentToLogIn(() => client.connect())).toBe(true);
  await client.logIn();
  await client.connect();
  for (const tool of tools) {
    expect(await client.isSentToLogIn(() => client.callTool(tool))).toBe(true);
    await client.logIn();
    expect(await client.callTool(tool)).toEqual(DONE);
  }
}

const kinds = Object.keys(CLIENTS) as (keyof typeof CLIENTS)[];
const worlds = adapters.flatMap((adapter) =>
  [ONE_NAME, LONG_NAMES].map((world) => ({
    adapter,
    world,
    title: `${world.name}, on ${adapter}`,
  })),
);

describe.each(worlds)('a real step-up for $title', ({ adapter, world }) => {
  const { prefix } = world;
  let running: Running;
  beforeAll(async () => {
    running = await start(adapter, world);
  });
  afterAll(() => running.close());

  it.each(kinds)(
    'takes one login by %s, which requests the scopes that the challenges name',
    async (kind) => {
      const client = running.client(kind);
      expect(await client.isSentToLogIn(() => client.connect())).toBe(true);
      expect(client.asked).toEqual([`${prefix}Todos.Read`]);
      await client.logIn();
      expect(client.scopes).toEqual(['Todos.Read']);
      await client.connect();

      expect(await client.isSentToLogIn(() => client.callTool('delete-todo'))).toBe(true);
      expect(client.asked).toEqual([`${prefix}Todos.Read`, `${prefix}Todos.Delete`]);
      await client.logIn();
      expect(client.scopes).toEqual(['Todos.Read', 'Todos.Delete']);

      expect(await client.callTool('delete-todo')).toEqual(DONE);
      expect(client.logins).toBe(2);
      await client.close();
    },
  );
});

type Strategy = NonNullable<ProtectedResourceOptions['challengeScopes']>;

/**
 * The clients that lose scopes, for each strategy. Only version 1 of the SDK requests exactly the scopes that a
 * challenge names.
 */
const LOSES: Record<Strategy, (kind: string) => boolean> = {
  required: (kind) => kind.includes('sdk v1'),
  requiredAndGranted: () => false,
};

const strategies = (Object.keys(LOSES) as Strategy[]).flatMap((challengeScopes) =>
  adapters.map((adapter) => ({ adapter, challengeScopes })),
);

describe.each(strategies)('challengeScopes: $challengeScopes, on $adapter', (strategy) => {
  const { adapter, challengeScopes } = strategy;
  let running: Running;
  beforeAll(async () => {
    const resource = { ...LONG_NAMES.resource, challengeScopes };
    running = await start(adapter, { ...LONG_NAMES, resource });
  });
  afterAll(() => running.close());

  it.each(kinds.map((kind) => ({ kind, loses: LOSES[challengeScopes](kind) })))(
    'has $kind lose the scopes of an earlier step-up: $loses',
    async ({ kind, loses }) => {
      const client = running.client(kind);
      await stepUp(client, 'delete-todo', 'archive-todo');
      expect(client.scopes.includes('Todos.Delete')).toBe(!loses);
      expect(await client.isSentToLogIn(() => client.callTool('delete-todo'))).toBe(loses);
      await client.close();
    },
  );
});
