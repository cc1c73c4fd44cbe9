import { beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Post, Req, Res, type Type } from '@nestjs/common';
import {
  Public,
  nodeRequest,
  nodeResponse,
  type AdapterRequest,
  type AdapterResponse,
} from 'nestjs-mcp-auth';
import { adapters, oneResource, RESOURCE, startApp } from '../support/app.js';
import { useIssuer } from '../support/serve.js';
import { mcpController } from '../support/mcp/mcp-controller.js';
import { HANDLERS, TOOLS } from '../support/mcp/todo-server.js';
import { send } from '../support/mcp/wire.js';
import { startMcpNest } from '../support/mcp-nest-app.js';

const PROTECTED = {
  tools: Object.fromEntries(TOOLS.map((name) => [name, 'admin'])),
  prompts: { review: 'admin', plan: 'admin' },
  resources: { 'todo://list': 'admin', 'todo://secret': 'admin', 'todo://{+any}': 'admin' },
};

/** The same server, without the guard. */
function openController(path: string, name: string): Type {
  @Controller(path)
  class OpenController {
    private readonly handler = HANDLERS[name]?.();

    @Post()
    @Public()
    async handle(
      @Req() request: AdapterRequest,
      @Res() response: AdapterResponse,
      @Body() body: unknown,
    ) {
      await this.handler?.(nodeRequest(request), nodeResponse(response), body ?? undefined);
    }
  }
  return OpenController;
}

const call = (method: string, params?: unknown) => ({ jsonrpc: '2.0', id: 7, method, params });

/** Calls that name no operation. The server must describe the error, not the guard. */
const MALFORMED: [string, unknown][] = [
  ['tools/call without params', call('tools/call')],
  ['tools/call without a name', call('tools/call', {})],
  ['tools/call with null as params', call('tools/call', null)],
  ['tools/call with an empty array as params', call('tools/call', [])],
  ['tools/call with null as name', call('tools/call', { name: null })],
  ['tools/call with a number as name', call('tools/call', { name: 5 })],
  ['tools/call with true as name', call('tools/call', { name: true })],
  ['tools/call with an object as name', call('tools/call', { name: { tool: 'create-todo' } })],
  ['tools/call with an empty array as name', call('tools/call', { name: [] })],
  ['resources/read without a uri', call('resources/read', {})],
  ['resources/read with null as uri', call('resources/read', { uri: null })],
  ['resources/read with a number as uri', call('resources/read', { uri: 0 })],
  ['resources/read with an object as uri', call('resources/read', { uri: { href: 'x' } })],
  ['resources/subscribe without a uri', call('resources/subscribe', {})],
  ['resources/unsubscribe with null as uri', call('resources/unsubscribe', { uri: null })],
  ['prompts/get without a name', call('prompts/get', {})],
  ['prompts/get with an object as name', call('prompts/get', { name: {} })],
  ['completion/complete without a ref', call('completion/complete', {})],
  ['completion/complete with null as ref', call('completion/complete', { ref: null })],
  ['completion/complete with a string as ref', call('completion/complete', { ref: 'x' })],
  [
    'completion/complete with a ref of another type',
    call('completion/complete', { ref: { type: 'ref/tool', name: 'nothing' } }),
  ],
  [
    'completion/complete without a uri',
    call('completion/complete', { ref: { type: 'ref/resource' } }),
  ],
  [
    'a subscription to null',
    call('subscriptions/listen', { notifications: { resourceSubscriptions: null } }),
  ],
  [
    'a subscription to an object',
    call('subscriptions/listen', { notifications: { resourceSubscriptions: {} } }),
  ],
  ['a subscription without notifications', call('subscriptions/listen', { notifications: null })],
  ['an unknown method', call('nothing/here', { a: 1 })],
  ['a tool call as a notification', { jsonrpc: '2.0', method: 'tools/call' }],
];

/** Calls that could name an operation if a server validates less than the SDKs do. */
const DISGUISED: [string, unknown][] = [
  ['an array as name', call('tools/call', { name: ['create-todo'] })],
  ['an array as params', call('tools/call', ['create-todo'])],
  ['an array as uri', call('resources/read', { uri: ['todo://secret'] })],
  ['a name within a name', call('prompts/get', { name: { name: 'review' } })],
  [
    'an array as ref',
    call('completion/complete', { ref: [{ type: 'ref/prompt', name: 'review' }] }),
  ],
  ['a ref of another type', call('completion/complete', { ref: { type: 'x', name: 'review' } })],
  [
    'a subscription in an array',
    call('subscriptions/listen', { notifications: { resourceSubscriptions: [['todo://secret']] } }),
  ],
];

const SERVERS = Object.keys(HANDLERS).map((name, index) => ({ name, path: `mcp-${index}` }));

describe.each(adapters)('a malformed MCP call, on %s', (adapter) => {
  const issuer = useIssuer();
  let url: string;
  let mcpNest: string;
  let token: string;

  beforeAll(async () => {
    token = await issuer.mint({ audience: RESOURCE });
    const options = oneResource(issuer.url);
    ({ url } = await startApp({
      adapter,
      options,
      controllers: SERVERS.flatMap(({ name, path }) => [
        mcpController(path, name, PROTECTED),
        openController(`open/${path}`, name),
      ]),
    }));
    mcpNest = `${(await startMcpNest({ adapter, options })).url}/mcp`;
  });

  describe.each(SERVERS)('to $name', ({ path }) => {
    it.each(MALFORMED)('is passed to the server, which answers it: %s', async (_, body) => {
      const [guarded, open] = await Promise.all([
        send(`${url}/${path}`, body, { token }),
        send(`${url}/open/${path}`, body),
      ]);
      expect({ status: guarded.status, messages: guarded.messages }).toEqual({
        status: open.status,
        messages: open.messages,
      });
      expect(guarded.messages.filter(({ result }) => result !== undefined)).toEqual([]);
    });

    it.each(DISGUISED)(
      'needs the scopes of the operation that it may name: %s',
      async (_, body) => {
        const { status, headers } = await send(`${url}/${path}`, body, { token });
        expect(status).toBe(403);
        expect(headers.get('www-authenticate')).toContain('scope="admin"');
      },
    );
  });

  it('is answered by MCP-Nest, with its id', async () => {
    for (const [, body] of MALFORMED.filter(([name]) => !/notification|subscription/.test(name))) {
      const { status, messages } = await send(mcpNest, body, { token });
      expect([200, 400, 404]).toContain(status);
      expect(messages).toMatchObject([{ jsonrpc: '2.0', error: { code: expect.any(Number) } }]);
    }
  });
});
