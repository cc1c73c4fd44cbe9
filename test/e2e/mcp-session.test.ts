import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { All, Body, Controller, Post, Req, Res } from '@nestjs/common';
import { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import {
  McpEndpoint,
  OptionalAuth,
  RequireScopes,
  nodeRequest,
  nodeResponse,
  type AdapterRequest,
  type AdapterResponse,
} from 'nestjs-mcp-auth';
import { adapters } from '../support/app.js';
import { serve } from '../support/serve.js';
import { todoServerV1, todoServerV2 } from '../support/mcp/todo-server.js';
import { call, send } from '../support/mcp/wire.js';

interface Transport {
  handleRequest(request: IncomingMessage, response: ServerResponse, body: unknown): Promise<void>;
}

/** Stores sessions as the examples of the SDKs do: by the header alone, whoever sends it. */
class Sessions {
  private readonly transports = new Map<string, Transport>();

  constructor(
    private readonly open: (keep: (id: string, transport: Transport) => void) => Transport,
  ) {}

  async handle(request: IncomingMessage, response: ServerResponse, body: unknown): Promise<void> {
    const id = request.headers['mcp-session-id'];
    const known = typeof id === 'string' ? this.transports.get(id) : undefined;
    if (id !== undefined && known === undefined) {
      const error = { code: -32001, message: 'Session not found' };
      response.writeHead(404, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ jsonrpc: '2.0', error, id: null }));
      return;
    }
    const transport = known ?? this.open((opened, kept) => this.transports.set(opened, kept));
    await transport.handleRequest(request, response, body);
  }
}

const SERVERS = {
  v1: () =>
    new Sessions((keep) => {
      const transport: StreamableHTTPServerTransport = new StreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        onsessioninitialized: (id): void => keep(id, transport),
      });
      void todoServerV1().connect(transport);
      return transport;
    }),
  v2: () =>
    new Sessions((keep) => {
      const transport: NodeStreamableHTTPServerTransport = new NodeStreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        onsessioninitialized: (id): void => keep(id, transport),
      });
      void todoServerV2().connect(transport);
      return transport;
    }),
};

@Controller('mcp')
class McpController {
  private readonly v1 = SERVERS.v1();
  private readonly v2 = SERVERS.v2();

  @All('v1')
  @McpEndpoint({ tools: { 'delete-todo': 'delete:todos' }, filterLists: true })
  async first(
    @Req() request: AdapterRequest,
    @Res() response: AdapterResponse,
    @Body() body: unknown,
  ) {
    await this.v1.handle(nodeRequest(request), nodeResponse(response), body ?? undefined);
  }

  @All('v2')
  @OptionalAuth()
  @McpEndpoint({ filterLists: true })
  async second(
    @Req() request: AdapterRequest,
    @Res() response: AdapterResponse,
    @Body() body: unknown,
  ) {
    await this.v2.handle(nodeRequest(request), nodeResponse(response), body ?? undefined);
  }

  /** Answers through the adapter's response, with the session id and status that the caller asks for. */
  @Post('own')
  @McpEndpoint()
  own(
    @Body() { params: { session, status = 200 } }: { params: { session: string; status?: number } },
    @Res()
    response: {
      header(name: string, value: string): void;
      status(status: number): { send(body: unknown): void };
    },
  ) {
    response.header('Mcp-Session-Id', session);
    response.status(status).send({ jsonrpc: '2.0', id: 1, result: {} });
  }

  @Post('scoped')
  @RequireScopes('mcp')
  @McpEndpoint()
  scoped() {
    return {};
  }
}

const initialize = () =>
  call('initialize', {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'test', version: '1.0.0' },
  });

describe.each(adapters)('MCP sessions, on %s', (adapter) => {
  const server = serve(adapter, {
    controllers: [McpController],
    nest: { forceCloseConnections: true },
  });
  let alice: string;
  let bob: string;
  const mint = (claims: Record<string, unknown>) => server.mint({ claims });

  beforeAll(async () => {
    alice = await mint({ sub: 'alice' });
    bob = await mint({ sub: 'bob' });
  });

  async function open(endpoint: string, token?: string): Promise<string> {
    const { status, headers } = await send(`${server.url}/${endpoint}`, initialize(), { token });
    expect(status).toBe(200);
    const session = headers.get('mcp-session-id') ?? '';
    expect(session).not.toBe('');
    return session;
  }

  const use = (endpoint: string, session: string, token?: string) =>
    send(`${server.url}/${endpoint}`, call('tools/list'), { token, 'mcp-session-id': session });

  const sendWithoutBody = async (
    method: string,
    endpoint: string,
    session: string,
    token: string,
  ) => {
    const stop = new AbortController();
    const response = await fetch(`${server.url}/${endpoint}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'text/event-stream',
        'mcp-session-id': session,
      },
      signal: stop.signal,
    });
    const text = response.status === 200 && method === 'GET' ? '' : await response.text();
    stop.abort();
    return { status: response.status, text };
  };

  describe.each(['mcp/v1', 'mcp/v2'])('%s', (endpoint) => {
    it('belong to their owner, also with a new token of the same subject', async () => {
      const session = await open(endpoint, alice);
      expect((await use(endpoint, session, alice)).status).toBe(200);
      const another = await mint({ sub: 'alice', client_id: 'client-2', jti: '2' });
      expect((await use(endpoint, session, another)).status).toBe(200);
      expect(await sendWithoutBody('GET', endpoint, session, alice)).toMatchObject({ status: 200 });
    });

    it('are 404 for other callers, like unknown sessions', async () => {
      const session = await open(endpoint, alice);
      const foreign = await use(endpoint, session, bob);
      const unknown = await use(endpoint, randomUUID(), bob);
      expect(unknown.status).toBe(404);
      expect(foreign.status).toBe(404);
      expect(foreign.messages).toEqual(unknown.messages);
      expect(foreign.messages).toEqual([
        { jsonrpc: '2.0', error: { code: -32001, message: 'Session not found' }, id: null },
      ]);
      expect(foreign.headers.get('mcp-session-id')).toBeNull();
      expect(foreign.headers.get('www-authenticate')).toBeNull();
    });

    it.each(['GET', 'DELETE'])('reject %s from other callers', async (method) => {
      const session = await open(endpoint, alice);
      expect((await sendWithoutBody(method, endpoint, session, bob)).status).toBe(404);
      expect((await use(endpoint, session, alice)).status).toBe(200);
    });

    it('are not reached by two ids in one header', async () => {
      const session = await open(endpoint, alice);
      expect((await use(endpoint, `x, ${session}`, bob)).status).toBe(404);
    });

    it('may be deleted by their owner', async () => {
      const session = await open(endpoint, alice);
      expect((await sendWithoutBody('DELETE', endpoint, session, alice)).status).toBe(200);
    });
  });

  it('of a client without a subject belong to the client', async () => {
    const machine = await mint({ sub: undefined, client_id: 'machine' });
    const session = await open('mcp/v1', machine);
    expect((await use('mcp/v1', session, machine)).status).toBe(200);
    const other = await mint({ sub: undefined, client_id: 'other' });
    expect((await use('mcp/v1', session, other)).status).toBe(404);
    const namesake = await mint({ sub: 'machine' });
    expect((await use('mcp/v1', session, namesake)).status).toBe(404);
  });

  it('opened without a token belong to the first caller with a token', async () => {
    const session = await open('mcp/v2');
    expect((await use('mcp/v2', session)).status).toBe(200);
    expect((await use('mcp/v2', session, alice)).status).toBe(200);
    expect((await use('mcp/v2', session)).status).toBe(404);
    expect((await use('mcp/v2', session, bob)).status).toBe(404);
  });

  it('belong to the first successful caller if the server gives one id to two callers', async () => {
    const session = randomUUID();
    const answerWith = (token: string, status?: number) =>
      send(`${server.url}/mcp/own`, call('ping', { session, status }), { token });
    expect((await answerWith(bob, 400)).status).toBe(400);
    expect((await answerWith(alice)).status).toBe(200);
    expect((await answerWith(bob)).status).toBe(200);
    expect((await use('mcp/own', session, bob)).status).toBe(404);
  });

  it('are not revealed by the order of checks: a missing scope is 403 for any id', async () => {
    const session = await open('mcp/v1', alice);
    for (const id of [session, randomUUID()]) {
      expect((await use('mcp/scoped', id, bob)).status).toBe(403);
    }
  });
});
