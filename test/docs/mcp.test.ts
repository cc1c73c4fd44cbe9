import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, describe, expect, it } from '@jest/globals';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { McpServer } from '@modelcontextprotocol/server';
import { Logger, Module, type INestApplication, type Type } from '@nestjs/common';
import { adapters } from '../support/app.js';
import { todoServerV1 } from '../support/mcp/todo-server.js';
import { call, send } from '../support/mcp/wire.js';
import { answerBy, controllerOf, filledIn, type Handles } from './support/mcp-server.js';
import { Page } from './support/page.js';
import { serve, stop, tokenOf } from './support/serve.js';

const page = await Page.open('docs/mcp.md');
const controllerUnder = async (heading: string) =>
  (await page.run<{ McpController: Type<Handles> }>(heading)).McpController;

const ServerV2 = await controllerUnder('Version 2 of the SDK');
const ServerV1 = await controllerUnder('Version 1 of the SDK');
const largeRequests =
  await page.run<Record<'onExpress' | 'onFastify', (module: Type) => Promise<INestApplication>>>(
    'Large requests',
  );
const { WhoamiTool } = await page.run<{
  WhoamiTool: Type<{ register: (server: McpServer) => void }>;
}>('The caller in a tool');
const { createServer } = await page.run<{ createServer: () => McpServer }>(
  'Scopes registered at the tool',
);
const SteppingUp = await controllerUnder('Step-up in a tool result');
const Filtered = await controllerUnder('Filtered lists');
const WithSessions = await controllerUnder('Sessions');
const { AppModule } = await page.run<{ AppModule: Type }>('Pages in browsers');

Logger.overrideLogger(false);
afterAll(stop);

/** A server with the tools and the resources that the examples name. */
function notesServer(): McpServer {
  const server = new McpServer({ name: 'notes', version: '1.0.0' });
  for (const name of ['list-notes', 'delete-note']) {
    server.registerTool(name, {}, () => ({ content: [{ type: 'text', text: `${name} ✓` }] }));
  }
  server.registerResource('note', 'note://1', {}, () => ({ contents: [] }));
  server.registerResource('about', 'about://notes', {}, () => ({ contents: [] }));
  return server;
}

/** A stateful server of version 1 of the SDK. */
function sessions() {
  const opened = new Map<string, StreamableHTTPServerTransport>();
  return async (request: IncomingMessage, response: ServerResponse, body: unknown) => {
    const id = request.headers['mcp-session-id'];
    let transport = typeof id === 'string' ? opened.get(id) : undefined;
    if (transport === undefined) {
      transport = new StreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        enableJsonResponse: true,
      });
      await todoServerV1().connect(transport);
    }
    await transport.handleRequest(request, response, body);
    opened.set(transport.sessionId ?? '', transport);
  };
}

const initialize = () =>
  call('initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'test', version: '1' },
  });
const deleteNote = () => call('tools/call', { name: 'delete-note' });
const whoami = () => call('tools/call', { name: 'whoami' });

describe.each(adapters)('the examples of docs/mcp.md, on %s', (adapter) => {
  it.each([
    ['2', ServerV2],
    ['1', ServerV1],
  ])('provide the caller to a tool of version %s of the SDK', async (_, Controller) => {
    const url = `${await serve(adapter, { controllers: [Controller] })}/mcp`;
    const answer = await send(url, whoami(), { token: tokenOf('alice', 'a') });
    expect(answer.text).toContain(JSON.stringify('{"clientId":"test","scopes":["a"]}'));
    expect((await send(url, whoami())).status).toBe(401);
  });

  it('accept a body of more than 3 MB', async () => {
    @Module({ controllers: [controllerOf(notesServer)] })
    class NotesModule {}
    const app = await largeRequests[adapter === 'express' ? 'onExpress' : 'onFastify'](NotesModule);
    await app.listen(0, '127.0.0.1');
    try {
      const file = 'x'.repeat(3.5 * 1024 * 1024);
      const answer = await send(
        `${await app.getUrl()}/mcp`,
        call('tools/call', { name: 'list-notes', arguments: { file } }),
      );
      expect([answer.status, answer.text.includes('list-notes ✓')]).toEqual([200, true]);
    } finally {
      await app.close();
    }
  });

  it('inject the caller into the provider of a tool', async () => {
    const Controller = controllerOf((tool: InstanceType<typeof WhoamiTool>) => {
      const server = new McpServer({ name: 'notes', version: '1.0.0' });
      tool.register(server);
      return server;
    }, WhoamiTool);
    const url = await serve(adapter, { controllers: [Controller], providers: [WhoamiTool] });
    const answer = await send(`${url}/mcp`, whoami(), { token: tokenOf('alice', 'a') });
    expect(answer.text).toContain('\\"subject\\":\\"alice\\",\\"scopes\\":[\\"a\\"]');
  });

  it('apply the scopes that are registered at the tool', async () => {
    const url = `${await serve(adapter, { controllers: [controllerOf(createServer)] })}/mcp`;
    const remove = (forever: boolean, ...scopes: string[]) =>
      send(url, call('tools/call', { name: 'delete-note', arguments: { id: 'n1', forever } }), {
        token: tokenOf('alice', ...scopes),
      });
    expect((await remove(false, 'delete:notes')).text).toContain('Deleted n1.');
    const refused = await remove(true, 'delete:notes');
    expect(refused.status).toBe(403);
    expect(refused.headers.get('www-authenticate')).toContain('scope="delete:notes admin"');
  });

  it('answer missing scopes by a tool result for one host, and by HTTP for other hosts', async () => {
    const Controller = filledIn(SteppingUp, answerBy(notesServer));
    const url = `${await serve(adapter, { controllers: [Controller] })}/mcp`;
    const asked = await send(url, deleteNote(), {
      token: tokenOf('alice'),
      'user-agent': 'openai-mcp/1.0',
    });
    expect(asked.status).toBe(200);
    expect(asked.messages[0]).toMatchObject({
      result: { isError: true, _meta: { 'mcp/www_authenticate': [expect.any(String)] } },
    });
    expect((await send(url, deleteNote(), { token: tokenOf('alice') })).status).toBe(403);
    expect(
      (await send(url, deleteNote(), { token: tokenOf('alice', 'delete:notes') })).text,
    ).toContain('delete-note ✓');
  });

  it('leave operations out of lists that the caller may not call', async () => {
    const Controller = filledIn(Filtered, answerBy(notesServer));
    const url = `${await serve(adapter, { controllers: [Controller] })}/mcp`;
    const list = async (method: string, ...scopes: string[]) =>
      (await send(url, call(method), { token: tokenOf('alice', ...scopes) })).text;
    expect(await list('tools/list')).toContain('list-notes');
    expect(await list('tools/list')).not.toContain('delete-note');
    expect(await list('tools/list', 'delete:notes')).toContain('delete-note');
    expect(await list('resources/list')).toContain('about://notes');
    expect(await list('resources/list')).not.toContain('note://1');
  });

  it('bind a session to its caller', async () => {
    const Controller = filledIn(WithSessions, sessions());
    const url = `${await serve(adapter, { controllers: [Controller] })}/mcp`;
    const opened = await send(url, initialize(), { token: tokenOf('alice') });
    const session = opened.headers.get('mcp-session-id') ?? '';
    expect(session).not.toBe('');
    const list = (token: string) =>
      send(url, call('tools/list'), { token, 'mcp-session-id': session });
    expect((await list(tokenOf('alice'))).status).toBe(200);
    expect((await list(tokenOf('bob'))).status).toBe(404);
  });

  it('allow calls from pages of the named origins', async () => {
    const Controller = filledIn(WithSessions, answerBy(notesServer));
    const url = await serve(adapter, { imports: [AppModule], controllers: [Controller] });
    const from = async (origin: string) =>
      (await send(`${url}/mcp`, call('tools/list'), { token: tokenOf('alice'), origin })).status;
    expect(await from('https://inspector.example.com')).toBe(200);
    expect(await from('https://evil.example.com')).toBe(403);
  });
});

it('every example of docs/mcp.md is run by a test', () => {
  expect(page.notRun).toEqual([]);
});
