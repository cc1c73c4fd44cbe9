import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication, Type } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { TokenVerifier } from 'nestjs-mcp-auth';
import { stubTokens } from 'nestjs-mcp-auth/testing';
import { adapters } from '../support/app.js';
import { Page } from './support/page.js';

const page = await Page.open('docs/observability.md');
const { AppModule, AuditLog } = await page.run<{
  AppModule: Type;
  AuditLog: Type<{ lines: string[] }>;
}>('Write an audit log');
const { HealthModule } = await page.run<{ HealthModule: Type }>('Health checks');

const TOKENS = stubTokens({
  reader: { subject: 'alice', clientId: 'host', scopes: [] },
  writer: { subject: 'alice', clientId: 'host', scopes: ['write:notes'] },
});

describe.each(adapters)('the examples of docs/observability.md, on %s', (adapter) => {
  let app: INestApplication;

  beforeAll(async () => {
    const module = await Test.createTestingModule({ imports: [AppModule, HealthModule] })
      .overrideProvider(TokenVerifier)
      .useValue(TOKENS)
      .compile();
    app =
      adapter === 'fastify'
        ? module.createNestApplication(new FastifyAdapter(), { logger: false })
        : module.createNestApplication({ logger: false });
    await app.listen(0, '127.0.0.1');
  });
  afterAll(() => app.close());

  it('write a step-up into the audit log in three lines, each with the id of its request', async () => {
    for (const token of ['reader', 'writer']) {
      await fetch(`${await app.getUrl()}/mcp`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"add_note"}}',
      });
    }
    const lines = app.get(AuditLog).lines.map((line) => JSON.parse(line) as { id: string });
    const caller = expect.objectContaining({ subject: 'alice', clientId: 'host' });
    const operations = [{ method: 'tools/call', target: 'add_note' }];
    const handler = 'McpController.handle';
    expect(lines).toEqual([
      expect.objectContaining({
        what: 'rejected',
        handler,
        operations,
        caller,
        status: 403,
        requiredScopes: ['write:notes'],
      }),
      expect.objectContaining({ what: 'let in', handler, operations, caller }),
      expect.objectContaining({ what: 'stepped up', caller, gained: ['write:notes'] }),
    ]);
    const ids = lines.map(({ id }) => id);
    expect(ids[0]).toMatch(/^[\da-f-]{36}$/);
    expect(ids[1]).toBe(ids[2]);
    expect(ids[0]).not.toBe(ids[1]);
  });

  it('answer health checks', async () => {
    const response = await fetch(`${await app.getUrl()}/health`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      details: {
        'https://auth.example.com': { status: 'up', jwks: { state: 'missing', isFailing: false } },
        'mcp-auth-store': { status: 'up' },
      },
    });
  });
});
