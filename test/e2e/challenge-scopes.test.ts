import { beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Post, type INestApplication } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { McpServer } from '@modelcontextprotocol/server';
import {
  BearerAuthGuard,
  McpEndpoint,
  OptionalAuth,
  RequireClaims,
  RequireScopes,
  Resource,
  TokenRevocations,
  toScopeChallenge,
  type ProtectedResourceOptions,
} from 'nestjs-mcp-auth';
import { controllerOf } from '../docs/support/mcp-server.js';
import { adapters, bearer, RESOURCE, startApp } from '../support/app.js';
import { toolCall } from '../support/mcp/todo-server.js';
import { send } from '../support/mcp/wire.js';
import { useIssuer } from '../support/serve.js';
import { TEMPLATE, TenantApp } from '../support/tenant-app.js';

const OTHER = 'https://api.example.com/other';

@Controller('notes')
@Resource(RESOURCE)
class NotesController {
  @Get() @RequireScopes('read') list() {
    return {};
  }

  @Post() @RequireScopes('read', 'write', 'offline_access') write() {
    return {};
  }

  @Get('claim') @RequireClaims({ role: 'admin' }) @RequireScopes('write') claim() {
    return {};
  }
}

@Controller('mcp')
@Resource(RESOURCE)
class McpController {
  @Post()
  @OptionalAuth()
  @McpEndpoint({ tools: { drop: 'drop', computed: () => 'computed' } })
  handle() {
    return {};
  }

  @Post('result')
  @OptionalAuth()
  @McpEndpoint({ tools: { drop: 'drop' }, stepUp: 'tool-result' })
  result() {
    return {};
  }
}

@Controller('other')
@Resource(OTHER)
class OtherController {
  @Get() @RequireScopes('other') list() {
    return {};
  }
}

/** Returns a server whose tool declares its scope itself, where this library does not see the scope. */
function registeredAtTheTool(): McpServer {
  const server = new McpServer({ name: 'todos', version: '1.0.0' });
  server.registerTool('drop', { scopeChallenge: toScopeChallenge('at:tool') }, () => ({
    content: [],
  }));
  return server;
}

const challengedIn = (challenge: unknown) => /scope="([^"]*)"/.exec(String(challenge))?.[1];

interface Case {
  name: string;
  path?: string;
  /** The scopes of the token. `undefined` for a request without a token. */
  scope?: string;
  claims?: Record<string, unknown>;
  /** A JSON-RPC message. */
  body?: unknown;
  status: number;
  challenged?: string;
}

const cases: Case[] = [
  {
    name: 'a scope that another handler requires',
    scope: 'write',
    status: 403,
    challenged: 'read write',
  },
  { name: 'a scope of an MCP operation', scope: 'drop', status: 403, challenged: 'read drop' },
  { name: 'a scope of scopesSupported', scope: 'listed', status: 403, challenged: 'read listed' },
  { name: 'a broad scope of scopeHierarchy', scope: 'all', status: 403, challenged: 'read all' },
  {
    name: 'a narrow scope of scopeHierarchy',
    scope: 'narrow',
    status: 403,
    challenged: 'read narrow',
  },
  {
    name: 'scopes that the resource does not know',
    scope: 'openid mail x',
    status: 403,
    challenged: 'read',
  },
  { name: 'a scope of another resource', scope: 'other', status: 403, challenged: 'read' },
  { name: 'a scope that is computed', scope: 'computed', status: 403, challenged: 'read' },
  { name: 'offline_access', scope: 'offline_access', status: 403, challenged: 'read' },
  {
    name: 'several known scopes, in the order of the token',
    scope: 'drop x write',
    status: 403,
    challenged: 'read drop write',
  },
  { name: 'no token', status: 401, challenged: 'read' },
  { name: 'an expired token', scope: 'write', claims: { exp: 1 }, status: 401, challenged: 'read' },
  {
    name: 'a token for another resource',
    scope: 'write',
    claims: { aud: OTHER },
    status: 401,
    challenged: 'read',
  },
  { name: 'an unmet condition', path: 'notes/claim', scope: 'read', status: 403 },
  {
    name: 'an anonymous tool call',
    path: 'mcp',
    body: toolCall('drop'),
    status: 401,
    challenged: 'drop',
  },
  {
    name: 'a tool call',
    path: 'mcp',
    body: toolCall('drop'),
    scope: 'read',
    status: 403,
    challenged: 'drop read',
  },
  {
    name: 'a computed requirement',
    path: 'mcp',
    body: toolCall('computed'),
    scope: 'read drop',
    status: 403,
    challenged: 'computed read drop',
  },
  {
    name: 'a scope that is registered at the tool',
    path: 'at-the-tool',
    body: toolCall('drop'),
    scope: 'read openid',
    status: 403,
    challenged: 'at:tool read',
  },
];

describe.each(adapters)("challengeScopes: 'requiredAndGranted', on %s", (adapter) => {
  const issuer = useIssuer();
  const AtTheTool = controllerOf(registeredAtTheTool);
  Controller('at-the-tool')(AtTheTool);
  Resource(RESOURCE)(AtTheTool);
  const controllers = [NotesController, McpController, OtherController, AtTheTool];
  const resources = (challengeScopes?: ProtectedResourceOptions['challengeScopes']) => [
    {
      metadata: {
        resource: RESOURCE,
        authorizationServers: [issuer.url],
        scopesSupported: ['read', 'listed'],
      },
      scopeHierarchy: { all: ['narrow'] },
      challengeScopes,
    },
    { metadata: { resource: OTHER, authorizationServers: [issuer.url] }, challengeScopes },
  ];
  const mint = (scope: string, claims = {}) =>
    issuer.mint({ audience: RESOURCE, claims: { scope, ...claims } });
  let app: INestApplication;
  let url: string;

  beforeAll(async () => {
    const protectedResources = resources('requiredAndGranted');
    ({ app, url } = await startApp({ adapter, options: { protectedResources }, controllers }));
  });

  it.each(cases)('answers $status for $name', async (one) => {
    const { path = 'notes', scope, claims, body, status, challenged } = one;
    const token = scope === undefined ? undefined : await mint(scope, claims);
    const response = await (body === undefined
      ? fetch(`${url}/${path}`, token === undefined ? {} : bearer(token))
      : send(`${url}/${path}`, body, { token }));
    expect(response.status).toBe(status);
    expect(challengedIn(response.headers.get('www-authenticate'))).toBe(challenged);
  });

  it('names granted scopes in the challenge of a tool result', async () => {
    const token = await mint('write mail');
    const { messages } = await send(`${url}/mcp/result`, toolCall('drop'), { token });
    const { _meta } = messages[0]?.result as { _meta: Record<string, string[]> };
    expect(challengedIn(_meta['mcp/www_authenticate'])).toBe('drop write');
  });

  it('does not name granted scopes in the challenge for a revoked token', async () => {
    const token = await mint('write', { jti: 'revoked' });
    expect((await fetch(`${url}/notes`, bearer(token))).status).toBe(403);
    await app.get(TokenRevocations).revokeToken({ issuer: issuer.url, jti: 'revoked' });
    const { status, headers } = await fetch(`${url}/notes`, bearer(token));
    expect([status, challengedIn(headers.get('www-authenticate'))]).toEqual([401, 'read']);
  });

  it.each([undefined, 'required'] as const)(
    'is not the default: %p names no granted scopes',
    async (option) => {
      const options = { protectedResources: resources(option) };
      const started = await startApp({ adapter, options, controllers });
      const { headers } = await fetch(
        `${started.url}/notes`,
        bearer(await mint('write listed all')),
      );
      expect(challengedIn(headers.get('www-authenticate'))).toBe('read');
      await started.app.close();
    },
  );

  it('knows the scopes of all handlers at the first request, also with guard: false', async () => {
    const options = { protectedResources: resources('requiredAndGranted'), guard: false };
    const providers = [{ provide: APP_GUARD, useClass: BearerAuthGuard }];
    const started = await startApp({ adapter, options, controllers, providers });
    const { headers } = await fetch(`${started.url}/notes`, bearer(await mint('drop mail')));
    expect(challengedIn(headers.get('www-authenticate'))).toBe('read drop');
    await started.app.close();
  });
});

describe.each(adapters)('challengeScopes of a resource with tenants, on %s', (adapter) => {
  const tested = TenantApp.use(adapter);

  @Controller(':tenant/mcp')
  @Resource(TEMPLATE)
  class ScopedController {
    @Get('read') @RequireScopes('read') read() {
      return {};
    }

    @Get('write') @RequireScopes('write') write() {
      return {};
    }
  }

  it('names granted scopes that a handler of any tenant requires', async () => {
    const resource = { challengeScopes: 'requiredAndGranted' as const };
    await tested.start({ resource, controllers: [ScopedController] });
    const token = await tested.mint('acme', { scope: 'write mail' });
    const { headers } = await fetch(`${tested.url}/acme/mcp/read`, bearer(token));
    expect(challengedIn(headers.get('www-authenticate'))).toBe('read write');
  });
});
