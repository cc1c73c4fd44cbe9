import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { McpServer } from '@modelcontextprotocol/server';
import { Controller, Get, type Type } from '@nestjs/common';
import {
  RequireScopes,
  type AuthorizationServerOptions,
  type ClaimsOptions,
  type ProtectedResourceOptions,
} from 'nestjs-mcp-auth';
import { adapters, bearer, startApp, stopApps } from '../support/app.js';
import { toolCall } from '../support/mcp/todo-server.js';
import { send } from '../support/mcp/wire.js';
import { useIssuer } from '../support/serve.js';
import { answerBy, filledIn, type Handles } from './support/mcp-server.js';
import { Page } from './support/page.js';

interface Example {
  todos: ProtectedResourceOptions;
}

const page = await Page.open('docs/providers/entra-id.md');
const version2 = await page.run<Example>('Here');
const { McpController } = await page.run<{ McpController: Type<Handles> }>('Here', 2);
const { claims } = await page.run<{ claims: ClaimsOptions }>(
  'Applications that call for themselves',
);
const version1 = await page.run<Example>('Version 1');
const { entra } = await page.run<{ entra: AuthorizationServerOptions }>('Version 1', 2);
const tenants = await page.run<Example>('Several tenants');

const TENANT = 'aaaabbbb-0000-cccc-1111-dddd2222eeee';
const API = '00001111-aaaa-2222-bbbb-3333cccc4444';
const V1 = `https://sts.windows.net/${TENANT}/`;
const V2 = `https://login.microsoftonline.com/${TENANT}/v2.0`;
const KEYS = 'https://login.microsoftonline.com/keys';
const READ = `api://${API}/Todos.Read`;
const WRITE = `api://${API}/Todos.Write`;

function todoServer(): McpServer {
  const server = new McpServer({ name: 'todos', version: '1.0.0' });
  server.registerTool('create-todo', {}, () => ({ content: [{ type: 'text', text: 'created' }] }));
  return server;
}

@Controller()
class TodosController {
  @Get(['mcp', ':tenant/mcp'])
  @RequireScopes({ anyOf: ['Todos.Read', 'Todos.Read.All'] })
  list() {
    return [];
  }
}

const scopeIn = ({ headers }: { headers: Headers }) =>
  /scope="([^"]*)"/.exec(headers.get('www-authenticate') ?? '')?.[1];

afterAll(stopApps);

describe.each(adapters)('the examples of docs/providers/entra-id.md, on %s', (adapter) => {
  const keys = useIssuer({ algorithm: 'RS256' });

  /** Answers as Entra ID does, since the examples name the real Entra ID. */
  const fetchFromEntra = async (input: unknown): Promise<Response> => {
    const issuers: Record<string, string> = {
      [`${V2}/.well-known/openid-configuration`]: V2,
      [`https://login.microsoftonline.com/${TENANT}/.well-known/openid-configuration`]: V1,
    };
    const url = String(input);
    const issuer = issuers[url];
    if (issuer !== undefined) {
      return Response.json({ issuer, jwks_uri: KEYS });
    }
    return url === KEYS
      ? Response.json({ keys: [await keys.publicJwk()] })
      : new Response(null, { status: 404 });
  };

  const start = async (protectedResources: ProtectedResourceOptions, ...controllers: Type[]) =>
    (
      await startApp({
        adapter,
        options: { protectedResources, network: { fetch: fetchFromEntra } },
        controllers,
      })
    ).url;

  /** Makes a token of the shape that Microsoft documents. */
  const mint = async (claims: Record<string, unknown>) =>
    keys.mint({
      header: { typ: 'JWT' },
      claims: {
        iss: V2,
        aud: API,
        azp: '11112222-bbbb-3333-cccc-4444dddd5555',
        azpacr: '0',
        oid: '22223333-cccc-4444-dddd-5555eeee6666',
        sub: 'AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ',
        tid: TENANT,
        ver: '2.0',
        client_id: undefined,
        ...claims,
      },
    });

  describe('version 2', () => {
    let url: string;
    beforeAll(async () => {
      const Filled = filledIn(McpController, answerBy(todoServer));
      url = await start(version2.todos, Filled);
    });
    const create = async (scp?: string) =>
      send(
        `${url}/mcp`,
        toolCall('create-todo'),
        scp === undefined ? {} : { token: await mint({ scp }) },
      );

    it('names the scopes of the first login in the metadata', async () => {
      const document = await fetch(`${url}/.well-known/oauth-protected-resource/mcp`);
      expect(await document.json()).toMatchObject({
        authorization_servers: [V2],
        scopes_supported: [READ],
      });
    });

    it('steps up from no token to Todos.Read to Todos.Write', async () => {
      const unauthorized = await create();
      expect([unauthorized.status, scopeIn(unauthorized)]).toEqual([401, `${READ} ${WRITE}`]);
      const forbidden = await create('Todos.Read');
      expect([forbidden.status, scopeIn(forbidden)]).toEqual([403, `${READ} ${WRITE}`]);
      const created = await create('Todos.Read Todos.Write');
      expect([created.status, created.text.includes('created')]).toEqual([200, true]);
    });

    it('requests only Todos.Read before any tool is called', async () => {
      const unauthorized = await send(`${url}/mcp`, { jsonrpc: '2.0', id: 1, method: 'ping' });
      expect([unauthorized.status, scopeIn(unauthorized)]).toEqual([401, READ]);
    });

    it('rejects a token with the scope name that clients request', async () => {
      expect((await create(`${READ} ${WRITE}`)).status).toBe(403);
    });
  });

  const get = async (url: string, path: string, token: Record<string, unknown>) => {
    const response = await fetch(`${url}/${path}`, bearer(await mint(token)));
    return [response.status, scopeIn(response)];
  };

  it('accept a role of an application as a scope, and name the scope in the challenge', async () => {
    const url = await start({ ...version2.todos, claims }, TodosController);
    const application = { idtyp: 'app', scp: undefined };
    const roles = ['Todos.Read.All'];
    expect(await get(url, 'mcp', { ...application, roles })).toEqual([200, undefined]);
    expect(await get(url, 'mcp', { scp: 'Todos.Read' })).toEqual([200, undefined]);
    expect(await get(url, 'mcp', application)).toEqual([403, READ]);
    expect(await get(url, 'mcp', { roles: ['Todos.Read.None'] })).toEqual([403, READ]);
  });

  it('accept tokens of version 1', async () => {
    const url = await start(version1.todos, TodosController);
    const token = { iss: V1, aud: `api://${API}`, azp: undefined, appid: 'client', ver: '1.0' };
    expect(await get(url, 'mcp', { ...token, scp: 'Todos.Read' })).toEqual([200, undefined]);
    expect(await get(url, 'mcp', { ...token, scp: 'Todos.Write' })).toEqual([403, READ]);
  });

  it('accept tokens of version 1 from clients that log in at version 2', async () => {
    const metadata = { ...version1.todos.metadata, authorizationServers: [entra] };
    const url = await start({ ...version1.todos, metadata }, TodosController);
    const document = await fetch(`${url}/.well-known/oauth-protected-resource/mcp`);
    expect(await document.json()).toMatchObject({ authorization_servers: [V2] });
    const token = { aud: `api://${API}`, ver: '1.0', scp: 'Todos.Read' };
    expect(await get(url, 'mcp', { ...token, iss: V1 })).toEqual([200, undefined]);
    expect(await get(url, 'mcp', { ...token, iss: V2 })).toEqual([401, READ]);
  });

  it('distinguish tenants by the issuer', async () => {
    Object.assign(globalThis, { customers: { hasTenant: (id: string) => id === TENANT } });
    const url = await start(tenants.todos, TodosController);
    const token = { scp: 'Todos.Read' };
    expect(await get(url, `${TENANT}/mcp`, token)).toEqual([200, undefined]);
    expect(await get(url, `${TENANT}/mcp`, { scp: '' })).toEqual([403, READ]);
    const iss = V2.replace('aaaabbbb', 'bbbbcccc');
    expect(await get(url, `${TENANT}/mcp`, { ...token, iss })).toEqual([401, READ]);
    expect(await get(url, 'bbbbcccc/mcp', token)).toEqual([404, undefined]);
  });
});

it('runs every example of docs/providers/entra-id.md', () => {
  expect(page.notRun).toEqual([]);
});
