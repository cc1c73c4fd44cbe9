import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { mcpAuthMetadataRouter } from '@modelcontextprotocol/sdk/server/auth/router.js';
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js';
import { InvalidTokenError } from '@modelcontextprotocol/sdk/server/auth/errors.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Post } from '@nestjs/common';
import express from 'express';
import { McpEndpoint, RequireScopes } from 'nestjs-mcp-auth';
import { commands } from '../../lib/cli/commands.js';
import type { Report } from '../../lib/doctor/report.js';
import { adapters, createApp, oneResource, stopApps } from '../support/app.js';
import { Issuer } from '../support/issuer.js';
import { freePort } from '../support/mcp-flow/free-port.js';
import { runInTerminal } from '../support/terminal.js';

@Controller('mcp')
class McpController {
  @Post()
  @McpEndpoint()
  @RequireScopes('notes')
  handle() {
    return { jsonrpc: '2.0', id: 1, result: {} };
  }
}

let issuer: Issuer;
beforeAll(async () => {
  issuer = await Issuer.start();
});
afterAll(() => issuer.down());

async function examine(url: string) {
  const { stdout, stderr } = await runInTerminal(commands, ['doctor', url, '--json']);
  expect(stderr).toBe('');
  const { findings } = JSON.parse(stdout) as Report;
  return {
    findings,
    problems: findings.filter(({ status }) => status === 'problem'),
    warnings: findings.filter(({ status }) => status === 'warning'),
  };
}

describe.each(adapters)('a server with nestjs-mcp-auth, on %s', (adapter) => {
  afterEach(stopApps);

  it('has no problem and no warning', async () => {
    const port = await freePort();
    const resource = `http://localhost:${port}/mcp`;
    const authorizationServers = [issuer.url];
    const app = await createApp({
      adapter,
      options: oneResource(issuer.url, {
        metadata: { resource, authorizationServers },
        allowedOrigins: ['https://nestjs-mcp-auth-doctor.example'],
      }),
      controllers: [McpController],
      setUp: (created) => {
        created.enableCors();
      },
    });
    await app.listen(port, 'localhost');
    const { problems, warnings } = await examine(resource);
    expect([...problems, ...warnings]).toEqual([]);
  });
});

describe('a server with nestjs-mcp-auth that requires DPoP', () => {
  afterEach(stopApps);

  it('announces DPoP, as its authorization server does', async () => {
    issuer.metadata = { dpop_signing_alg_values_supported: ['ES256'] };
    const port = await freePort();
    const resource = `http://localhost:${port}/mcp`;
    const app = await createApp({
      adapter: 'express',
      options: oneResource(issuer.url, {
        metadata: { resource, authorizationServers: [issuer.url] },
        dpop: { mode: 'required' },
      }),
      controllers: [McpController],
    });
    await app.listen(port, 'localhost');
    const { findings } = await examine(resource);
    const found = Object.fromEntries(findings.map(({ check, status }) => [check, status]));
    expect(found).toMatchObject({
      challenge: 'ok',
      bogus_token: 'ok',
      dpop: 'ok',
      required_dpop: 'ok',
    });
  });
});

describe('a server with version 1 of the MCP SDK', () => {
  let server: Server;
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('has no problem', async () => {
    const port = await freePort();
    const url = new URL(`http://localhost:${port}/mcp`);
    const app = express();
    app.use(
      mcpAuthMetadataRouter({
        oauthMetadata: {
          issuer: issuer.url,
          authorization_endpoint: `${issuer.url}/authorize`,
          token_endpoint: `${issuer.url}/token`,
          response_types_supported: ['code'],
        },
        resourceServerUrl: url,
        scopesSupported: ['notes'],
      }),
    );
    const resourceMetadataUrl = new URL('/.well-known/oauth-protected-resource/mcp', url).href;
    const verifyAccessToken = () => Promise.reject(new InvalidTokenError('unknown'));
    app.post('/mcp', requireBearerAuth({ verifier: { verifyAccessToken }, resourceMetadataUrl }));
    server = createServer(app).listen(port, 'localhost');
    await once(server, 'listening');
    const { problems, warnings } = await examine(url.href);
    expect(problems).toEqual([]);
    // Its challenge has an error without a token, and the application has no CORS.
    expect(warnings.map(({ check }) => check)).toEqual(['challenge_error', 'cors_preflight']);
  });
});
