import { describe, expect, it } from '@jest/globals';
import { Catch, Controller, Post, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as StreamableHTTPClientTransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  McpEndpoint,
  OptionalAuth,
  RequireScopes,
  ToolResultStepUpException,
  type McpEndpointOptions,
} from 'nestjs-mcp-auth';
import { adapters, oneResource, startApp } from '../support/app.js';
import { serve } from '../support/serve.js';
import { HANDLERS, toolCall } from '../support/mcp/todo-server.js';
import { mcpController } from '../support/mcp/mcp-controller.js';
import { call, send } from '../support/mcp/wire.js';

const OPTIONS: McpEndpointOptions = {
  tools: { 'delete-todo': ['delete:todos', 'offline_access'], 'move-todo': () => 'move:todos' },
  prompts: { review: 'review' },
  stepUp: 'tool-result',
};
const METADATA = 'https://api.example.com/.well-known/oauth-protected-resource/notes';

interface HostRequest {
  headers: Record<string, string | undefined>;
}

@Controller('chosen')
class ChosenController {
  @Post()
  @McpEndpoint({
    ...OPTIONS,
    stepUp: ({ headers }: HostRequest) => (headers['x-host'] === 'a' ? 'tool-result' : 'http'),
  })
  chosen() {
    return {};
  }

  @Post('wrong')
  @McpEndpoint({ ...OPTIONS, stepUp: (() => 'https') as never })
  wrong() {
    return {};
  }
}

@Controller('scoped')
@RequireScopes('mcp')
class ScopedController {
  @Post()
  @OptionalAuth()
  @McpEndpoint(OPTIONS)
  handle() {
    return { let: 'in' };
  }
}

/** The exceptions that a filter of a user saw. The filter does not change the answer. */
const seen: unknown[] = [];
@Catch(ToolResultStepUpException)
class StepUpFilter implements ExceptionFilter {
  catch(exception: ToolResultStepUpException, host: ArgumentsHost) {
    seen.push(exception.cause);
    const response = host.switchToHttp().getResponse<{
      status(status: number): { send(body: unknown): void };
    }>();
    response.status(exception.getStatus()).send(exception.getResponse());
  }
}

const SERVERS = Object.keys(HANDLERS).map((name, index) => ({ name, path: `mcp-${index}` }));

describe.each(adapters)("stepUp: 'tool-result', on %s", (adapter) => {
  const server = serve(adapter, {
    controllers: [
      ChosenController,
      ScopedController,
      ...SERVERS.map(({ name, path }) => mcpController(path, name, OPTIONS)),
      ...SERVERS.map(({ name, path }) => {
        const Anonymous = mcpController(`open/${path}`, name, OPTIONS);
        OptionalAuth()(Anonymous);
        return Anonymous;
      }),
    ],
  });
  const { issuer } = server;
  const mint = (scope = '') => server.mint({ claims: { scope } });

  const challenged = (description: string, scope: string) =>
    `Bearer error="insufficient_scope", error_description="${description}", resource_metadata="${METADATA}", scope="${scope}"`;

  it('answers a tool call without the scopes by a tool result', async () => {
    const asked = toolCall('delete-todo');
    const { status, headers, messages } = await send(`${server.url}/mcp-0`, asked, {
      token: await mint(),
    });
    const description = 'The access token lacks a scope that this operation needs.';
    expect(status).toBe(200);
    expect(headers.get('www-authenticate')).toBeNull();
    expect(headers.get('access-control-expose-headers')).toBeNull();
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(messages).toEqual([
      {
        jsonrpc: '2.0',
        id: asked.id,
        result: {
          content: [{ type: 'text', text: description }],
          isError: true,
          _meta: { 'mcp/www_authenticate': [challenged(description, 'delete:todos')] },
        },
      },
    ]);
  });

  it('answers an anonymous tool call by a tool result with an error and a description', async () => {
    const asked = { ...toolCall('delete-todo'), id: 'a string' };
    const { status, headers, messages } = await send(`${server.url}/open/mcp-0`, asked);
    const description = 'This operation needs an access token.';
    expect(status).toBe(200);
    expect(headers.get('www-authenticate')).toBeNull();
    expect(messages).toEqual([
      {
        jsonrpc: '2.0',
        id: 'a string',
        result: {
          content: [{ type: 'text', text: description }],
          isError: true,
          _meta: { 'mcp/www_authenticate': [challenged(description, 'delete:todos')] },
        },
      },
    ]);
  });

  it('names all missing scopes, including the scopes of the endpoint and computed scopes', async () => {
    const { messages } = await send(`${server.url}/scoped`, toolCall('move-todo'), {
      token: await mint(),
    });
    const { _meta } = messages[0]?.result as { _meta: Record<string, string[]> };
    expect(_meta['mcp/www_authenticate']?.[0]).toContain('scope="mcp move:todos"');
  });

  it.each([
    ['a batch', [toolCall('delete-todo')], 403],
    ['a notification', { ...toolCall('delete-todo'), id: undefined }, 403],
    ['a prompt', call('prompts/get', { name: 'review' }), 403],
  ])('answers %s by HTTP', async (_, body, expected) => {
    const { status, headers } = await send(`${server.url}/mcp-0`, body, { token: await mint() });
    expect(status).toBe(expected);
    expect(headers.get('www-authenticate')).toContain('error="insufficient_scope"');
  });

  it('answers by HTTP if a token is missing or invalid', async () => {
    const missing = await send(`${server.url}/mcp-0`, toolCall('delete-todo'));
    expect(missing.status).toBe(401);
    expect(missing.headers.get('www-authenticate')).not.toContain('error=');
    for (const path of ['mcp-0', 'open/mcp-0']) {
      const forged = await send(`${server.url}/${path}`, toolCall('delete-todo'), {
        token: 'a.b.c',
      });
      expect(forged.status).toBe(401);
      expect(forged.headers.get('www-authenticate')).toContain('error="invalid_token"');
    }
  });

  it('lets a call with the scopes through', async () => {
    const token = await mint('delete:todos offline_access');
    const { messages } = await send(`${server.url}/mcp-0`, toolCall('delete-todo'), { token });
    expect(messages[0]?.result).toEqual({ content: [{ type: 'text', text: 'delete-todo ✓' }] });
  });

  it('can be chosen per request', async () => {
    const token = await mint();
    const ofA = await send(`${server.url}/chosen`, toolCall('delete-todo'), {
      token,
      'x-host': 'a',
    });
    expect(ofA.status).toBe(200);
    const ofB = await send(`${server.url}/chosen`, toolCall('delete-todo'), {
      token,
      'x-host': 'b',
    });
    expect(ofB.status).toBe(403);
    const wrong = await send(`${server.url}/chosen/wrong`, toolCall('delete-todo'), { token });
    expect(wrong.status).toBe(500);
  });

  it('gives the rejection to an exception filter', async () => {
    const { app, url: filtered } = await startApp({
      adapter,
      options: oneResource(issuer.url),
      controllers: [ScopedController],
      providers: [{ provide: APP_FILTER, useClass: StepUpFilter }],
    });
    const { status, messages } = await send(`${filtered}/scoped`, toolCall('delete-todo'));
    expect(status).toBe(200);
    expect(messages).toHaveLength(1);
    expect(seen.pop()).toMatchObject({ code: 'unauthorized' });
    await app.close();
  });

  it.each(SERVERS)('shows the challenge to a client; $name', async ({ path }) => {
    const endpoint = new URL(`${server.url}/${path}`);
    const requestInit = { headers: { authorization: `Bearer ${await mint()}` } };
    const info = { name: 'test', version: '1.0.0' };
    const v1 = new ClientV1(info);
    await v1.connect(new StreamableHTTPClientTransportV1(endpoint, { requestInit }));
    const v2 = new Client(info, { versionNegotiation: { mode: 'auto' } });
    await v2.connect(new StreamableHTTPClientTransport(endpoint, { requestInit }));
    for (const client of [v1, v2]) {
      const result = await client.callTool({ name: 'delete-todo' });
      expect(result.isError).toBe(true);
      expect(result._meta?.['mcp/www_authenticate']).toEqual([
        expect.stringContaining('scope="delete:todos"'),
      ]);
      await client.close();
    }
  });
});

describe('decorator options of an MCP endpoint', () => {
  it.each([
    ['stepUp', 'tool_result', `stepUp must be 'http', 'tool-result', or a function`],
    ['stepUp', null, 'stepUp must be'],
    ['filterLists', 'yes', 'filterLists must be true or false'],
    ['defaultDeny', 1, 'defaultDeny must be true or false'],
  ])('refuse %s: %j at decoration', (option, value, message) => {
    expect(() => McpEndpoint({ [option]: value })).toThrow(message);
  });
});
