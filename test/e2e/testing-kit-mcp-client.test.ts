import type { Server } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { Client } from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { McpAuthConfigurationError, TokenVerifier } from 'nestjs-mcp-auth';
import {
  createTestAuthorizationServer,
  mcpClient,
  stubTokens,
  type McpSdk,
} from 'nestjs-mcp-auth/testing';
import { adapters, createApp, oneResource, stopApps, type AppOptions } from '../support/app.js';
import { mcpController } from '../support/mcp/mcp-controller.js';
import { HANDLERS, TOOLS } from '../support/mcp/todo-server.js';

const ISSUER = 'https://auth.example.com';
const RESOURCE = 'https://api.example.com/mcp';
const SDKS: [McpSdk, unknown][] = [
  ['@modelcontextprotocol/client', Client],
  ['@modelcontextprotocol/sdk', ClientV1],
];
const tokens = stubTokens({ alice: { scopes: ['todos'] }, bob: {} });

afterEach(stopApps);

describe.each(adapters)('mcpClient, on %s', (adapter) => {
  /** Makes an application that does not listen yet. */
  const make = async (
    { metadata = { resource: RESOURCE, authorizationServers: [ISSUER] }, path = 'mcp' } = {},
    more: Partial<AppOptions> = {},
    server = 'SDK v2',
  ): Promise<INestApplication> =>
    createApp({
      adapter,
      options: oneResource(ISSUER, { metadata }),
      controllers: [mcpController(path, server, { tools: { 'delete-todo': 'todos' } })],
      override: (builder) => builder.overrideProvider(TokenVerifier).useValue(tokens),
      ...more,
    });

  describe.each(Object.keys(HANDLERS))('with a server of %s', (server) => {
    it.each(SDKS)('connects the client of %s', async (sdk, Class) => {
      const client = await mcpClient(await make({}, {}, server), 'alice', { sdk });
      expect(client).toBeInstanceOf(Class);
      const { tools } = await client.listTools();
      expect(tools.map(({ name }) => name)).toEqual(TOOLS);
      const { content } = await client.callTool({ name: 'delete-todo' });
      expect(content).toEqual([{ type: 'text', text: 'delete-todo ✓' }]);
      await client.close();
    });
  });

  it('starts an application on loopback, and does not start an application again that already listens', async () => {
    const app = await make();
    const server = app.getHttpServer() as Server;
    const first = await mcpClient(app, 'alice');
    const address = server.address();
    expect(address).toMatchObject({ address: '127.0.0.1' });
    const second = await mcpClient(app, 'bob');
    expect(server.address()).toEqual(address);
    await Promise.all([first.close(), second.close()]);
  });

  it.each(SDKS)('passes on the error of %s', async (sdk) => {
    const app = await make();
    await expect(mcpClient(app, 'mallory', { sdk })).rejects.toThrow(/invalid_token/);
    await expect(mcpClient(app, undefined, { sdk })).rejects.toThrow(/needs an access token/);
    const client = await mcpClient(app, 'bob', { sdk });
    await expect(client.callTool({ name: 'delete-todo' })).rejects.toThrow(/insufficient.scope/i);
    await client.close();
  });

  it('accepts a token of the test authorization server', async () => {
    await using server = await createTestAuthorizationServer({ audience: RESOURCE });
    const metadata = { resource: RESOURCE, authorizationServers: [server.issuer] };
    const app = await make({ metadata }, { override: undefined });
    const client = await mcpClient(app, await server.mint({ scopes: ['todos'] }));
    expect((await client.listTools()).tools).toHaveLength(4);
    await client.close();
  });

  it('calls the endpoint at the option "path"', async () => {
    const app = await make({ path: 'elsewhere' });
    const client = await mcpClient(app, 'alice', { path: '/elsewhere' });
    expect((await client.listTools()).tools).toHaveLength(4);
    await client.close();
  });

  it.each([
    ['several resources', [RESOURCE, 'https://api.example.com/other']],
    ['tenants', ['https://api.example.com/{tenant}/mcp']],
  ])(
    'throws an error that names the option "path" if the application has %s',
    async (_, resources) => {
      const app = await make(
        {},
        {
          options: {
            protectedResources: resources.map((resource) => ({
              metadata: { resource, authorizationServers: [ISSUER] },
              ...(resource.includes('{') && { tenants: () => true }),
            })),
          },
          controllers: [],
        },
      );
      const client = mcpClient(app, 'alice');
      await expect(client).rejects.toThrow(McpAuthConfigurationError);
      await expect(client).rejects.toThrow('mcpClient(app, token, { path })');
    },
  );
});
