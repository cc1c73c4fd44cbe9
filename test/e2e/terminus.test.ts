import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Controller, Get, Logger } from '@nestjs/common';
import { HealthCheck, HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { Public, StateStore, type McpAuthModuleOptions } from 'nestjs-mcp-auth';
import { McpAuthHealthIndicator } from 'nestjs-mcp-auth/terminus';
import {
  adapters,
  bearer,
  oneResource,
  RESOURCE,
  startApp,
  type RunningApp,
} from '../support/app.js';
import { NotesController } from '../support/notes.controller.js';
import { useIssuer } from '../support/serve.js';

@Controller('health')
@Public()
class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly mcpAuth: McpAuthHealthIndicator,
  ) {}

  @Get()
  @HealthCheck()
  check() {
    return this.health.check(this.mcpAuth.all());
  }

  @Get('named')
  @HealthCheck()
  named() {
    return this.health.check([
      () => this.mcpAuth.stateStore('store'),
      () => this.mcpAuth.authorizationServer('https://nobody.example.com'),
    ]);
  }
}

const UP = { status: 'up' };

describe.each(adapters)('McpAuthHealthIndicator, on %s', (adapter) => {
  const issuer = useIssuer({ per: 'test' });
  let running: RunningApp;
  let elapsed: number;

  beforeEach(() => {
    elapsed = 0;
    const now = performance.now.bind(performance);
    jest.spyOn(performance, 'now').mockImplementation(() => now() + elapsed);
    jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  const start = async (module: Partial<McpAuthModuleOptions> = {}) => {
    running = await startApp({
      adapter,
      options: { ...oneResource(issuer.url), ...module },
      imports: [TerminusModule.forRoot({ logger: false })],
      controllers: [HealthController, NotesController],
      providers: [McpAuthHealthIndicator],
    });
  };
  const call = async () => {
    const token = await issuer.mint({ audience: RESOURCE });
    return (await fetch(`${running.url}/notes`, bearer(token))).status;
  };
  const health = async (path = 'health') => {
    const response = await fetch(`${running.url}/${path}`);
    const { details } = (await response.json()) as { details: Record<string, unknown> };
    return { status: response.status, server: details[issuer.url], details };
  };
  const fresh = { state: 'fresh', ageSeconds: expect.any(Number), isFailing: false };
  const missing = { state: 'missing', isFailing: false };

  it('is up before the first token, and fetches nothing', async () => {
    await start();
    expect(await health()).toMatchObject({
      status: 200,
      server: { ...UP, metadata: missing, jwks: missing },
      details: { 'mcp-auth-store': UP },
    });
    expect(issuer.requests).toEqual([]);
  });

  it('tells the age of the documents in seconds', async () => {
    await start();
    expect(await call()).toBe(200);
    elapsed = 90_000;
    const { server } = await health();
    expect(server).toEqual({ ...UP, metadata: fresh, jwks: fresh });
    const { jwks } = server as { jwks: { ageSeconds: number } };
    expect(jwks.ageSeconds).toBeGreaterThanOrEqual(90);
    expect(jwks.ageSeconds).toBeLessThan(120);
  });

  it('is down if a document cannot be fetched and none is cached', async () => {
    await start();
    await issuer.down();
    expect(await call()).toBe(503);
    expect(await health()).toMatchObject({
      status: 503,
      server: { status: 'down', metadata: { state: 'missing', isFailing: true } },
    });
    await issuer.up();
    elapsed = 10_000;
    expect(await call()).toBe(200);
    expect(await health()).toMatchObject({ status: 200, server: UP });
  });

  it('is degraded while a document is used beyond its lifetime', async () => {
    await start();
    issuer.headers = { 'cache-control': 'max-age=60' };
    expect(await call()).toBe(200);
    await issuer.down();
    elapsed = 24 * 60 * 60_000;
    expect(await call()).toBe(200);
    const stale = { state: 'stale', isFailing: true };
    expect(await health()).toMatchObject({
      status: 200,
      server: { status: 'degraded', jwks: stale },
    });
  });

  it('knows the documents that the options contain', async () => {
    const jwks = { keys: [await issuer.publicJwk()] };
    const server = { metadata: { issuer: issuer.url, jwksUri: `${issuer.url}/jwks` } };
    await start(
      oneResource(issuer.url, {
        metadata: { resource: RESOURCE, authorizationServers: [{ ...server, jwks }] },
      }),
    );
    const configured = { state: 'configured', isFailing: false };
    expect((await health()).server).toEqual({ ...UP, metadata: configured, jwks: configured });
  });

  it('is down if the store fails, and does not show the error', async () => {
    class BrokenStore extends StateStore {
      override firstTime = () => true;
      override put = () => undefined;
      override get = () => {
        throw new Error('redis://user:pass@redis.internal refused');
      };
    }
    await start({ store: new BrokenStore() });
    const { status, details } = await health();
    expect(status).toBe(503);
    expect(details['mcp-auth-store']).toEqual({
      status: 'down',
      message: 'The state store is unavailable.',
    });
  });

  it('fails for an issuer that no resource names', async () => {
    await start();
    expect((await fetch(`${running.url}/health/named`)).status).toBe(500);
  });
});
