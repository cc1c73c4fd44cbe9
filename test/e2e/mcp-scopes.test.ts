import { describe, expect, it } from '@jest/globals';
import { Controller, Post } from '@nestjs/common';
import { McpEndpoint, OptionalAuth, RequireScopes } from 'nestjs-mcp-auth';
import { adapters, bearer } from '../support/app.js';
import { serve } from '../support/serve.js';

@Controller('mcp')
@RequireScopes('mcp')
class McpController {
  @Post()
  @McpEndpoint({
    tools: {
      create: 'create',
      delete: { anyOf: ['delete', ['admin', 'audit']] },
      move: ({ arguments: { to } }) => (to === 'trash' ? 'delete' : ['create', 'delete']),
      free: [],
    },
    prompts: { review: 'review' },
    resources: {
      'todo://list': 'read',
      'todo://{id}': 'read:one',
      'todo://{id}/notes/{note}': 'read:notes',
      'file:///{+path}': 'files',
      'search://all{?owner}': 'search',
    },
    methods: { 'tasks/cancel': 'tasks' },
  })
  handle() {
    return {};
  }
}

@Controller('strict')
class StrictController {
  @Post()
  @McpEndpoint({
    tools: { free: [], create: 'create' },
    methods: { 'tasks/get': [] },
    defaultDeny: true,
  })
  handle() {
    return {};
  }
}

@Controller('mixed')
class MixedController {
  @Post()
  @OptionalAuth()
  @RequireScopes('mcp')
  @McpEndpoint({ tools: { create: 'create', computed: () => 'computed' } })
  handle() {
    return {};
  }
}

interface Case {
  name: string;
  path: string;
  /** A JSON-RPC body. `undefined` for a `GET` request. */
  body?: unknown;
  headers?: Record<string, string>;
  /** The scopes of the token. `undefined` for a request without a token. */
  scope?: string;
  status: number;
  /** The `scope` of the challenge. */
  challenged?: string;
  /** `true` if the parser of Fastify rejects the body before any guard runs. */
  refusedByFastify?: true;
}

const call = (method: string, params?: unknown, id: unknown = 1) => ({
  jsonrpc: '2.0',
  id,
  method,
  params,
});
const tool = (name: unknown, args?: unknown) => call('tools/call', { name, arguments: args });
const read = (uri: unknown) => call('resources/read', { uri });
const notification = (body: object) => ({ ...body, id: undefined });
const deep = JSON.parse(`${'[['.repeat(100)}${']]'.repeat(100)}`) as unknown;

const operations: Case[] = [
  {
    name: 'initialize with the scope of the endpoint',
    path: 'mcp',
    body: call('initialize', {}),
    scope: 'mcp',
    status: 201,
  },
  {
    name: 'initialize without the scope of the endpoint',
    path: 'mcp',
    body: call('initialize', {}),
    scope: 'create',
    status: 403,
    challenged: 'mcp',
  },
  {
    name: 'server/discover (2026-07-28) with the scope of the endpoint',
    path: 'mcp',
    body: call('server/discover', {}),
    scope: 'mcp',
    status: 201,
  },
  {
    name: 'tools/list with the scope of the endpoint',
    path: 'mcp',
    body: call('tools/list'),
    scope: 'mcp',
    status: 201,
  },
  {
    name: 'a response with the scope of the endpoint',
    path: 'mcp',
    body: { jsonrpc: '2.0', id: 1, result: {} },
    scope: 'mcp',
    status: 201,
  },
  {
    name: 'a tool without its scope, with a challenge that names all needed scopes',
    path: 'mcp',
    body: tool('create'),
    scope: 'mcp',
    status: 403,
    challenged: 'mcp create',
  },
  {
    name: 'a tool with its scope',
    path: 'mcp',
    body: tool('create'),
    scope: 'mcp create',
    status: 201,
  },
  {
    name: 'a tool without a token, with a challenge that names the scopes of the tool',
    path: 'mcp',
    body: tool('create'),
    status: 401,
    challenged: 'mcp create',
  },
  {
    name: 'a tool with alternatives, with a challenge that names the cheapest alternative',
    path: 'mcp',
    body: tool('delete'),
    scope: 'mcp audit',
    status: 403,
    challenged: 'mcp delete',
  },
  {
    name: 'a tool with alternatives, by the other alternative',
    path: 'mcp',
    body: tool('delete'),
    scope: 'mcp audit admin',
    status: 201,
  },
  {
    name: 'arguments that need one scope',
    path: 'mcp',
    body: tool('move', { to: 'trash' }),
    scope: 'mcp',
    status: 403,
    challenged: 'mcp delete',
  },
  {
    name: 'arguments that need two scopes',
    path: 'mcp',
    body: tool('move', { to: 'x' }),
    scope: 'mcp',
    status: 403,
    challenged: 'mcp create delete',
  },
  {
    name: 'a tool with computed scopes, without arguments',
    path: 'mcp',
    body: tool('move'),
    scope: 'mcp create delete',
    status: 201,
  },
  { name: 'a tool that is not named', path: 'mcp', body: tool('other'), scope: 'mcp', status: 201 },
  {
    name: 'a tool without scopes of its own',
    path: 'mcp',
    body: tool('free'),
    scope: 'mcp',
    status: 201,
  },
  {
    name: 'a prompt',
    path: 'mcp',
    body: call('prompts/get', { name: 'review' }),
    scope: 'mcp',
    status: 403,
    challenged: 'mcp review',
  },
  {
    name: 'a prompt’s arguments being completed',
    path: 'mcp',
    body: call('completion/complete', { ref: { type: 'ref/prompt', name: 'review' } }),
    scope: 'mcp',
    status: 403,
    challenged: 'mcp review',
  },
  {
    name: 'a resource template being completed',
    path: 'mcp',
    body: call('completion/complete', { ref: { type: 'ref/resource', uri: 'todo://{id}' } }),
    scope: 'mcp',
    status: 403,
    challenged: 'mcp read:one',
  },
  {
    name: 'a template with a query being completed',
    path: 'mcp',
    body: call('completion/complete', {
      ref: { type: 'ref/resource', uri: 'search://all{?owner}' },
    }),
    scope: 'mcp',
    status: 403,
    challenged: 'mcp search',
  },
  {
    name: 'a resource',
    path: 'mcp',
    body: read('todo://list'),
    scope: 'mcp',
    status: 403,
    challenged: 'mcp read',
  },
  {
    name: 'a resource under another spelling',
    path: 'mcp',
    body: read('TODO://list'),
    scope: 'mcp',
    status: 403,
    challenged: 'mcp read',
  },
  {
    name: 'a resource of a template',
    path: 'mcp',
    body: read('todo://7'),
    scope: 'mcp',
    status: 403,
    challenged: 'mcp read:one',
  },
  {
    name: 'a resource of a longer template',
    path: 'mcp',
    body: read('todo://7/notes/8'),
    scope: 'mcp',
    status: 403,
    challenged: 'mcp read:notes',
  },
  {
    name: 'a path',
    path: 'mcp',
    body: read('file:///a/b/../c'),
    scope: 'mcp',
    status: 403,
    challenged: 'mcp files',
  },
  {
    name: 'a subscription',
    path: 'mcp',
    body: call('resources/subscribe', { uri: 'todo://7' }),
    scope: 'mcp',
    status: 403,
    challenged: 'mcp read:one',
  },
  {
    name: 'subscriptions (2026-07-28)',
    path: 'mcp',
    body: call('subscriptions/listen', {
      notifications: { resourceSubscriptions: ['todo://list', 'todo://7'] },
    }),
    scope: 'mcp',
    status: 403,
    challenged: 'mcp read read:one',
  },
  {
    name: 'a method',
    path: 'mcp',
    body: call('tasks/cancel', {}),
    scope: 'mcp',
    status: 403,
    challenged: 'mcp tasks',
  },
  {
    name: 'a batch, with a challenge that names the scopes of all calls',
    path: 'mcp',
    body: [call('ping'), tool('create'), read('todo://list'), tool('create')],
    scope: 'mcp',
    status: 403,
    challenged: 'mcp create read',
  },
  {
    name: 'a batch whose every call is allowed',
    path: 'mcp',
    body: [tool('create'), read('todo://list')],
    scope: 'mcp create read',
    status: 201,
  },
  {
    name: 'the strict endpoint: a tool that is named',
    path: 'strict',
    body: tool('free'),
    scope: '',
    status: 201,
  },
  {
    name: 'the strict endpoint: the protocol’s own methods',
    path: 'strict',
    body: [
      call('initialize', {}),
      call('tools/list'),
      notification(call('notifications/initialized')),
    ],
    scope: '',
    status: 201,
  },
  {
    name: 'the strict endpoint: a method that is named',
    path: 'strict',
    body: call('tasks/get', {}),
    scope: '',
    status: 201,
  },
  {
    name: 'a mixed endpoint: anonymous, for the protocol',
    path: 'mixed',
    body: call('tools/list'),
    status: 201,
  },
  {
    name: 'a mixed endpoint: anonymous, for a tool',
    path: 'mixed',
    body: tool('create'),
    status: 401,
    challenged: 'mcp create',
  },
  {
    name: 'a mixed endpoint: anonymous, for a computed tool',
    path: 'mixed',
    body: tool('computed'),
    status: 401,
    challenged: 'mcp computed',
  },
  {
    name: 'a mixed endpoint: anonymous, for two tools at once',
    path: 'mixed',
    body: [tool('create'), tool('computed')],
    status: 401,
    challenged: 'mcp create computed',
  },
  {
    name: 'a mixed endpoint: anonymous, for more than ten tools at once, whose scopes are not weighed',
    path: 'mixed',
    body: [tool('create'), ...Array.from({ length: 10 }, () => tool('computed'))],
    status: 401,
    challenged: 'mcp',
  },
];

const bypasses: Case[] = [
  {
    name: 'a resource with an empty query',
    path: 'mcp',
    body: read('todo://1?'),
    scope: 'mcp',
    status: 403,
    challenged: 'mcp read:one',
  },
  {
    name: 'a resource with a fragment',
    path: 'mcp',
    body: read('todo://1#f'),
    scope: 'mcp',
    status: 403,
    challenged: 'mcp read:one',
  },
  {
    name: 'a resource with a query inside its path',
    path: 'mcp',
    body: read('todo://1?x/notes/2'),
    scope: 'mcp',
    status: 403,
    challenged: 'mcp read:notes',
  },
  {
    name: 'subscriptions to more resources than are compared',
    path: 'mcp',
    body: call('subscriptions/listen', {
      notifications: {
        resourceSubscriptions: Array.from({ length: 200 }, (_, index) => `x://${index}`),
      },
    }),
    scope: 'mcp',
    status: 400,
  },
  {
    name: 'headers that name another operation',
    path: 'mcp',
    body: tool('create'),
    headers: { 'mcp-method': 'tools/list', 'mcp-name': 'free' },
    scope: 'mcp',
    status: 403,
    challenged: 'mcp create',
  },
  {
    name: 'a notification',
    path: 'mcp',
    body: notification(tool('create')),
    scope: 'mcp',
    status: 403,
    challenged: 'mcp create',
  },
  {
    name: 'a hidden call at the end of a batch',
    path: 'mcp',
    body: [...Array.from({ length: 50 }, () => tool('free')), tool('create')],
    scope: 'mcp',
    status: 403,
    challenged: 'mcp create',
  },
  {
    name: 'too long a batch',
    path: 'mcp',
    body: Array.from({ length: 101 }, () => tool('free')),
    scope: 'mcp',
    status: 400,
  },
  { name: 'an empty batch', path: 'mcp', body: [], scope: 'mcp', status: 400 },
  { name: 'a batch in a batch', path: 'mcp', body: [[tool('create')]], scope: 'mcp', status: 400 },
  {
    name: 'duplicate keys, the last of which counts',
    path: 'mcp',
    body: '{"jsonrpc":"2.0","id":1,"method":"tools/list","method":"tools/call","params":{"name":"free","name":"create"}}',
    scope: 'mcp',
    status: 403,
    challenged: 'mcp create',
  },
  {
    name: 'a __proto__ that names another method',
    path: 'mcp',
    refusedByFastify: true,
    body: '{"jsonrpc":"2.0","id":1,"__proto__":{"method":"tools/list"},"method":"tools/call","params":{"name":"create"}}',
    scope: 'mcp',
    status: 403,
    challenged: 'mcp create',
  },
  {
    name: 'a method from __proto__ only',
    path: 'mcp',
    refusedByFastify: true,
    body: '{"jsonrpc":"2.0","id":1,"__proto__":{"method":"tools/list"}}',
    scope: 'mcp',
    status: 400,
  },
  {
    name: 'a tool named like a member of Object.prototype',
    path: 'strict',
    body: tool('constructor'),
    scope: '',
    status: 403,
  },
  {
    name: 'a tool in another case, if only named tools are offered',
    path: 'strict',
    body: tool('FREE'),
    scope: '',
    status: 403,
  },
  {
    name: 'a tool in another Unicode form',
    path: 'strict',
    body: tool('ｆree'),
    scope: '',
    status: 403,
  },
  { name: 'a tool with a space', path: 'strict', body: tool('free '), scope: '', status: 403 },
  {
    name: 'a resource, if the endpoint names no resources',
    path: 'strict',
    body: read('todo://list'),
    scope: '',
    status: 403,
  },
  {
    name: 'a method that is not named',
    path: 'strict',
    body: call('tasks/cancel', {}),
    scope: '',
    status: 403,
  },
  {
    name: 'a method in another case',
    path: 'strict',
    body: call('Tools/List'),
    scope: '',
    status: 403,
  },
  {
    name: 'a tool name that is not a string',
    path: 'mcp',
    body: tool(['create']),
    scope: 'mcp',
    status: 403,
    challenged: 'mcp create',
  },
  { name: 'no tool name', path: 'mcp', body: call('tools/call', {}), scope: 'mcp', status: 201 },
  {
    name: 'no tool name, if only named tools are offered',
    path: 'strict',
    body: call('tools/call', {}),
    scope: '',
    status: 201,
  },
  {
    name: 'params that are an array',
    path: 'mcp',
    body: call('tools/call', ['create']),
    scope: 'mcp',
    status: 403,
    challenged: 'mcp create',
  },
  {
    name: 'a long URI without a token, with a challenge that names only the scope of the endpoint',
    path: 'mcp',
    body: read(`todo://${'x'.repeat(600)}`),
    status: 401,
    challenged: 'mcp',
  },
  {
    name: 'a batch without a token, with a challenge that names only the scope of the endpoint',
    path: 'mcp',
    body: [tool('create'), tool('free')],
    status: 401,
    challenged: 'mcp',
  },
  {
    name: 'a method that is not a string',
    path: 'mcp',
    body: call(['tools/call'] as never, { name: 'create' }),
    scope: 'mcp',
    status: 400,
  },
  {
    name: 'another version of JSON-RPC',
    path: 'mcp',
    body: { ...tool('free'), jsonrpc: '1.0' },
    scope: 'mcp',
    status: 400,
  },
  {
    name: 'a body that is not JSON-RPC',
    path: 'mcp',
    body: { name: 'create' },
    scope: 'mcp',
    status: 400,
  },
  { name: 'no body', path: 'mcp', body: '', scope: 'mcp', status: 400 },
  {
    name: 'arguments two hundred levels deep',
    path: 'mcp',
    body: tool('create', { deep }),
    scope: 'mcp',
    status: 403,
    challenged: 'mcp create',
  },
  {
    name: 'a bad body without a token',
    path: 'mcp',
    body: { name: 'create' },
    status: 401,
    challenged: 'mcp',
  },
];

describe.each(adapters)('scopes of MCP operations, on %s', (adapter) => {
  const server = serve(adapter, {
    controllers: [McpController, StrictController, MixedController],
  });

  async function send({ path, body, headers, scope }: Case): Promise<Response> {
    const token = await server.mint({ claims: { scope } });
    const authorization = scope === undefined ? {} : bearer(token).headers;
    if (body === undefined) {
      return fetch(`${server.url}/${path}`, { headers: authorization });
    }
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const contentType: Record<string, string> =
      text === '' ? {} : { 'content-type': 'application/json' };
    return fetch(`${server.url}/${path}`, {
      method: 'POST',
      headers: { ...contentType, ...authorization, ...headers },
      body: text === '' ? undefined : text,
    });
  }

  describe.each([
    ['MCP operations', operations],
    ['attempts to bypass them', bypasses],
  ])('%s', (_, cases) => {
    it.each(cases)('answers $status for $name', async (test) => {
      const response = await send(test);
      if (test.refusedByFastify && adapter === 'fastify') {
        expect(response.status).toBe(400);
        return;
      }
      expect(response.status).toBe(test.status);
      const challenge = response.headers.get('www-authenticate');
      expect(/scope="([^"]*)"/.exec(challenge ?? '')?.[1]).toBe(
        test.status === 400 ? 'mcp' : test.challenged,
      );
    });
  });

  it('rejects an operation that is not offered, and sends no challenge, since no scope would help', async () => {
    const response = await send({
      name: '',
      path: 'strict',
      body: tool('other'),
      scope: '',
      status: 403,
    });
    expect(response.headers.get('www-authenticate')).toBeNull();
    expect(await response.json()).toEqual({
      error: 'access_denied',
      error_description: 'This operation is not offered here.',
    });
  });
});
