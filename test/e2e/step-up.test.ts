import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { All, Body, Controller, Req, Res, type INestApplication } from '@nestjs/common';
import type { StoredOAuthTokens } from '@modelcontextprotocol/client';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { decodeJwt } from 'jose';
import {
  McpEndpoint,
  RequireScopes,
  nodeRequest,
  nodeResponse,
  type AdapterRequest,
  type AdapterResponse,
} from 'nestjs-mcp-auth';
import {
  startAuthorizationServer,
  type AuthorizationServer,
} from '../../sample/authorization-server/start-authorization-server.js';
import { Browser } from '../../sample/todo-manager/walk-through/browser.js';
import { OAuthClient } from '../../sample/todo-manager/walk-through/oauth-client.js';
import { Wire } from '../../sample/walk-through/wire.js';
import { adapters, createApp, stopApps } from '../support/app.js';
import { CLIENTS } from '../support/mcp-flow/clients.js';
import { freePort } from '../support/mcp-flow/free-port.js';

const SCOPES = ['read:todos', 'delete:todos'];
const USER = { username: 'ada', password: 'lovelace', scopes: SCOPES };

@Controller('mcp')
@RequireScopes('read:todos')
class McpController {
  private readonly answer = toNodeHandler(
    createMcpHandler(() => {
      const server = new McpServer({ name: 'todos', version: '1.0.0' });
      server.registerTool('delete-todo', {}, () => ({ content: [{ type: 'text', text: 'gone' }] }));
      return server;
    }),
  );

  @All()
  @McpEndpoint({ tools: { 'delete-todo': 'delete:todos' } })
  async handle(
    @Req() request: AdapterRequest,
    @Res() response: AdapterResponse,
    @Body() body: unknown,
  ) {
    await this.answer(nodeRequest(request), nodeResponse(response), body ?? undefined);
  }
}

const kinds = Object.keys(CLIENTS) as (keyof typeof CLIENTS)[];

describe.each(adapters)('a real step-up, on %s', (adapter) => {
  let authorizationServer: AuthorizationServer;
  let app: INestApplication;
  let endpoint: URL;

  beforeAll(async () => {
    const port = await freePort();
    const resource = `http://localhost:${port}/mcp`;
    endpoint = new URL(resource);
    authorizationServer = await startAuthorizationServer({
      port: 0,
      resources: [{ resource, scopes: SCOPES }],
      users: [USER],
    });
    app = await createApp({
      adapter,
      options: {
        protectedResources: {
          metadata: {
            resource,
            authorizationServers: [authorizationServer.issuer],
            scopesSupported: SCOPES,
          },
        },
      },
      controllers: [McpController],
      nest: { forceCloseConnections: true },
    });
    await app.listen(port, 'localhost');
  });

  afterAll(async () => {
    await stopApps();
    await authorizationServer.close();
  });

  it.each(kinds)('by %s takes one round, and the retry succeeds', async (kind) => {
    const sentTo: URL[] = [];
    const oauth = new OAuthClient('Test', (url) => void sentTo.push(url));
    const client = CLIENTS[kind](endpoint, oauth, new Wire());
    const logIn = async () => {
      const callback = new URL(oauth.redirectUrl);
      const url = sentTo.at(-1) ?? new URL('about:blank');
      await client.finishAuth(await new Browser().authorize(url, callback, USER));
    };
    const granted = () => String(decodeJwt(oauth.tokens()?.access_token ?? '').scope).split(' ');
    const asked = () => sentTo.at(-1)?.searchParams.get('scope')?.split(' ') ?? [];

    const unauthorized: unknown = await client.connect().catch((error: unknown) => error);
    expect(client.isSentToLogIn(unauthorized)).toBe(true);
    expect(asked()).not.toContain('delete:todos');
    await logIn();
    expect(granted()).toEqual(['read:todos']);
    await client.connect();
    if (kind.includes('sdk v1')) {
      // That SDK would refresh, which never adds a scope, and give up.
      oauth.saveTokens({ ...oauth.tokens(), refresh_token: undefined } as StoredOAuthTokens);
    }

    const refused: unknown = await client.callTool('delete-todo').catch((error: unknown) => error);
    expect(client.isSentToLogIn(refused)).toBe(true);
    expect(asked()).toEqual(expect.arrayContaining(SCOPES));
    await logIn();
    expect(granted().sort()).toEqual([...SCOPES].sort());

    const { content } = await client.callTool('delete-todo');
    expect(content).toEqual([{ type: 'text', text: 'gone' }]);
    expect(sentTo).toHaveLength(2);
    await client.close();
  });
});
