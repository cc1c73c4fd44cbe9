import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { startDevServer, type DevServer } from 'nestjs-mcp-auth/dev-server';
import { SCOPES } from '../../sample/mcp-nest/app.module.js';
import { createApp } from '../../sample/mcp-nest/create-app.js';
import { freePort } from '../support/mcp-flow/free-port.js';
import { logIn } from '../support/mcp-flow/log-in.js';
import { adapters } from '../support/app.js';

const ADMIN = { username: 'admin', password: 'admin', scopes: SCOPES };
const USER = { username: 'user', password: 'user', scopes: ['create:todos'] };

describe.each(adapters)('the MCP-Nest sample on %s', (adapter) => {
  let authorizationServer: DevServer;
  let app: INestApplication;
  let endpoint: string;

  beforeAll(async () => {
    const port = await freePort();
    endpoint = `http://localhost:${port}/mcp`;
    authorizationServer = await startDevServer({
      port: 0,
      resources: [{ resource: endpoint, scopes: SCOPES }],
      users: [ADMIN, USER],
    });
    const { issuer } = authorizationServer;
    app = await createApp({ resource: endpoint, issuer }, adapter);
    await app.listen(port, 'localhost');
  });

  afterAll(async () => {
    await app.close();
    await authorizationServer.close();
  });

  it('lets an MCP client log in and call a tool as its user', async () => {
    const { client } = await logIn('@modelcontextprotocol/client v2', endpoint, ADMIN);
    const { content } = await client.callTool('whoami');

    expect(JSON.parse((content as { text: string }[])[0]?.text ?? '')).toMatchObject({
      subject: 'admin',
      scopes: SCOPES,
    });
    await client.close();
  });

  it('rejects operations that the user may not call', async () => {
    const { client, oauth } = await logIn('@modelcontextprotocol/client v2', endpoint, USER);
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${oauth.tokens()?.access_token ?? ''}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'delete-todo', arguments: { id: '1' } },
      }),
    });

    expect(response.status).toBe(403);
    expect(response.headers.get('www-authenticate')).toContain('scope="read:todos delete:todos"');
    await client.close();
  });
});
