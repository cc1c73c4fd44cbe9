import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Body, Controller, Get, Logger, Post } from '@nestjs/common';
import {
  authenticateConnection,
  McpAuthEvents,
  McpEndpoint,
  OptionalAuth,
  Public,
  RequireAuth,
  RequireScopes,
  TokenRevocations,
  type McpAuthEventMap,
} from 'nestjs-mcp-auth';
import { adapters, RESOURCE } from '../support/app.js';
import type { Answer } from '../support/issuer.js';
import { serve } from '../support/serve.js';

type Name = keyof McpAuthEventMap;

@Controller()
class EventsController {
  @Get('notes')
  @RequireScopes('read:notes')
  notes() {
    return [];
  }

  @Get('anyone')
  @OptionalAuth()
  anyone() {
    return [];
  }

  @Get('public')
  @Public()
  public() {
    return [];
  }

  @Get('condition')
  @RequireAuth(() => false)
  condition() {
    return [];
  }

  @Get('broken')
  @RequireAuth(() => {
    throw new Error('no database');
  })
  broken() {
    return [];
  }

  @Post('mcp')
  @McpEndpoint({ tools: { add: 'write:notes', list: [] }, stepUp: 'tool-result' })
  mcp(@Body() body: unknown) {
    return { jsonrpc: '2.0', result: {}, received: body };
  }
}

const duration = expect.any(Number);
const REQUEST = { resource: RESOURCE, transport: 'http', operations: [] };
const down: Answer = (_request, response) => response.writeHead(500).end();

function toolCall(name: string) {
  return { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name } };
}

describe.each(adapters)('McpAuthEvents, on %s', (adapter) => {
  const server = serve(adapter, {
    per: 'test',
    controllers: [EventsController],
    module: { fetchTimeout: 2000 },
  });
  const seen: [Name, unknown][] = [];

  beforeEach(() => {
    seen.length = 0;
    jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
    jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  const listen = (...names: Name[]) => {
    const events = server.app.get(McpAuthEvents);
    for (const name of names) {
      events.on(name, (event) => seen.push([name, event]));
    }
  };
  const post = async (body: unknown, token: string) =>
    fetch(`${server.url}/mcp`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const mint = (scope = '', claims: Record<string, unknown> = {}) =>
    server.mint({ claims: { scope, ...claims } });
  const alice = (scopes: string[]) => ({
    issuer: server.issuer.url,
    subject: 'alice',
    clientId: 'client-1',
    principal: expect.stringMatching(/^user\.[\da-f]+\.[\da-f]+$/),
    scopes,
    expiresAt: expect.any(Number),
  });

  it('tells of a request that is let in, with its caller and without the token', async () => {
    listen('accepted', 'rejected');
    const token = await mint('read:notes');
    await server.get('notes', token);
    expect(seen).toEqual([
      [
        'accepted',
        { ...REQUEST, duration, handler: 'EventsController.notes', caller: alice(['read:notes']) },
      ],
    ]);
    expect(JSON.stringify(seen)).not.toContain(token);
  });

  it('tells of an anonymous caller, and not of public handlers', async () => {
    listen('accepted', 'rejected');
    await server.get('anyone');
    await server.get('public');
    expect(seen).toEqual([
      ['accepted', { ...REQUEST, duration, handler: 'EventsController.anyone', caller: undefined }],
    ]);
  });

  it.each<[string, string, () => Promise<string | undefined>, object]>([
    [
      'has no token',
      'notes',
      async () => undefined,
      { status: 401, code: 'unauthorized', caller: undefined },
    ],
    [
      'has an expired token',
      'notes',
      () => mint('read:notes', { exp: 1 }),
      { status: 401, code: 'invalid_token', reason: 'expired', caller: undefined },
    ],
    [
      'lacks a scope',
      'notes',
      () => mint(),
      {
        status: 403,
        code: 'insufficient_scope',
        requiredScopes: ['read:notes'],
        caller: expect.objectContaining({ subject: 'alice' }),
      },
    ],
    [
      'does not meet a condition',
      'condition',
      () => mint(),
      { status: 403, code: 'access_denied', caller: expect.objectContaining({ subject: 'alice' }) },
    ],
    [
      'fails in a function of the application',
      'broken',
      () => mint(),
      { status: 500, code: undefined },
    ],
  ])('tells of a request that %s', async (_case, path, token, expected) => {
    listen('accepted', 'rejected');
    await server.get(path, await token());
    expect(seen).toEqual([
      ['rejected', expect.objectContaining({ handler: `EventsController.${path}`, ...expected })],
    ]);
  });

  it('tells which operations an MCP request calls', async () => {
    listen('accepted', 'rejected');
    const operations = (...names: string[]) =>
      expect.objectContaining({
        operations: names.map((target) => ({ method: 'tools/call', target })),
      });
    await post([toolCall('list'), toolCall('x'.repeat(300))], await mint());
    await post(toolCall('add'), 'not-a-token');
    await post([toolCall('add'), toolCall('list')], 'not-a-token');
    expect(seen).toEqual([
      ['accepted', operations('list', 'x'.repeat(200))],
      ['rejected', operations('add')],
      ['rejected', operations()],
    ]);
  });

  it('tells the status of HTTP for a step-up in a tool result', async () => {
    listen('rejected');
    expect((await post(toolCall('add'), await mint())).status).toBe(200);
    expect(seen).toEqual([
      [
        'rejected',
        expect.objectContaining({
          status: 403,
          code: 'insufficient_scope',
          requiredScopes: ['write:notes'],
        }),
      ],
    ]);
  });

  it('tells of a caller who comes back with the missing scopes, once', async () => {
    listen('steppedUp');
    await server.get('notes', await mint('openid'));
    await server.get('notes', await mint('read:notes', { sub: 'bob' }));
    await server.get('notes', await mint('openid'));
    expect(seen).toEqual([]);
    const token = await mint('openid read:notes');
    await server.get('notes', token);
    await server.get('notes', token);
    expect(seen).toEqual([
      [
        'steppedUp',
        {
          ...REQUEST,
          handler: 'EventsController.notes',
          caller: alice(['openid', 'read:notes']),
          gainedScopes: ['read:notes'],
        },
      ],
    ]);
  });

  it('tells of a document that cannot be fetched if no cached document can be used', async () => {
    listen('fetched', 'refreshed', 'stale', 'unavailable');
    const { issuer } = server;
    const about = (document: string) => ({ issuer: issuer.url, document, duration });
    issuer.answer('/.well-known/oauth-authorization-server', down);
    issuer.answer('/.well-known/openid-configuration', down);
    expect((await server.get('notes', await mint('read:notes'))).status).toBe(503);
    expect(seen).toEqual([['unavailable', { ...about('metadata'), error: expect.any(Error) }]]);
  });

  it('tells of keys that are fetched, fetched again, and then cannot be fetched', async () => {
    listen('fetched', 'refreshed', 'stale', 'unavailable');
    const { issuer } = server;
    const about = (document: string) => ({ issuer: issuer.url, document, duration });
    await server.get('notes', await mint('read:notes'));
    await issuer.rotate();
    await server.get('notes', await mint('read:notes'));
    await issuer.rotate();
    await issuer.down();
    await server.get('notes', await mint('read:notes'));
    expect(seen).toEqual([
      ['fetched', about('metadata')],
      ['fetched', about('jwks')],
      ['refreshed', about('jwks')],
      ['stale', { ...about('jwks'), error: expect.any(Error) }],
    ]);
  });

  it('tells of revocations', async () => {
    listen('revoked', 'rejected');
    const issuer = server.issuer.url;
    const revocations = server.app.get(TokenRevocations);
    await revocations.revokeToken({ issuer, jti: 'a' });
    await revocations.revokeSubject({ issuer, subject: 'alice' });
    await server.get('notes', await mint('read:notes'));
    expect(seen).toEqual([
      ['revoked', { issuer, subject: undefined }],
      ['revoked', { issuer, subject: 'alice' }],
      [
        'rejected',
        expect.objectContaining({
          reason: 'revoked',
          caller: expect.objectContaining({ subject: 'alice' }),
        }),
      ],
    ]);
  });

  it('tells of handshakes', async () => {
    listen('accepted', 'rejected');
    const handshake = { resource: RESOURCE, handler: 'authenticateConnection()', transport: 'ws' };
    const token = await mint();
    await authenticateConnection(server.app, { headers: { authorization: `Bearer ${token}` } });
    await expect(authenticateConnection(server.app, { headers: {} })).rejects.toThrow();
    expect(seen).toEqual([
      ['accepted', { ...handshake, duration, operations: [], caller: alice([]) }],
      ['rejected', expect.objectContaining({ ...handshake, status: 401, code: 'unauthorized' })],
    ]);
  });

  it('lets a request in although a listener throws', async () => {
    server.app.get(McpAuthEvents).on('accepted', () => {
      throw new Error('no disk');
    });
    expect((await server.get('notes', await mint('read:notes'))).status).toBe(200);
  });
});
