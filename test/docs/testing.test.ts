import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Module, type Type } from '@nestjs/common';
import type { TestingModule } from '@nestjs/testing';
import {
  McpAuthModule,
  type IntrospectionOptions,
  type ProtectedResourceOptions,
} from 'nestjs-mcp-auth';
import {
  createTestAuthorizationServer,
  type TestAuthorizationServer,
} from 'nestjs-mcp-auth/testing';
import { adapters, bearer, oneResource, RESOURCE, startApp, stopApps } from '../support/app.js';
import { NotesController } from '../support/notes.controller.js';
import { Page } from './support/page.js';

type List = (token: string) => Promise<Response>;
type Using<Result> = (server: TestAuthorizationServer, list: List) => Promise<Result>;

// Some examples of this page are tests. Their import adds them to this file.
const page = await Page.open('docs/testing.md');
await page.run('Send requests as alice');
await page.run('Have tokens verified');
await page.run('Call the tools of an MCP server');
await page.run('A service that injects `AuthInfo`');
const { duringAnOutage, afterARotation, untilItIsRevoked } = await page.run<{
  duringAnOutage: Using<Response>;
  afterARotation: Using<Response[]>;
  untilItIsRevoked: Using<Response[]>;
}>('Outages, keys and opaque tokens');
const { listWithProof } = await page.run<{
  listWithProof: (server: TestAuthorizationServer, url: string) => Promise<Response>;
}>('Tokens that are bound to a key');
const { compile } = await page.run<{ compile: (AppModule: Type) => Promise<TestingModule> }>(
  'A double of your own',
);

it('every example of docs/testing.md is run by a test', () => {
  expect(page.notRun).toEqual([]);
});

describe.each(adapters)('the other examples of docs/testing.md, on %s', (adapter) => {
  let server: TestAuthorizationServer;

  beforeEach(async () => {
    server = await createTestAuthorizationServer({ audience: RESOURCE });
  });

  afterEach(async () => {
    await stopApps();
    await server.close();
  });

  const start = async (
    resource: Partial<ProtectedResourceOptions> = {},
    introspection?: IntrospectionOptions,
  ) => {
    const authorizationServers = [{ issuer: server.issuer, introspection }];
    const metadata = { resource: RESOURCE, authorizationServers };
    const { url } = await startApp({
      adapter,
      options: oneResource(server.issuer, { metadata, ...resource }),
      controllers: [NotesController],
    });
    return `${url}/notes`;
  };
  const listAt =
    (url: string): List =>
    async (token) =>
      fetch(url, bearer(token));

  it('show an outage', async () => {
    const response = await duringAnOutage(server, listAt(await start()));
    expect(response.status).toBe(503);
    expect(response.headers.has('retry-after')).toBe(true);
  });

  it('show a new key', async () => {
    const answers = await afterARotation(server, listAt(await start()));
    expect(answers.map(({ status }) => status)).toEqual([200, 401]);
  });

  it('show an opaque token', async () => {
    const introspection = { clientId: 'notes', clientSecret: 'any', cacheTtl: 0 };
    const answers = await untilItIsRevoked(server, listAt(await start({}, introspection)));
    expect(answers.map(({ status }) => status)).toEqual([200, 401]);
  });

  it('show a bound token', async () => {
    const response = await listWithProof(server, await start({ dpop: 'required' }));
    expect(response.status).toBe(200);
  });
});

it('the double of docs/testing.md lets the guard answer 503', async () => {
  @Module({
    imports: [McpAuthModule.forRoot(oneResource('https://auth.example.com'))],
    controllers: [NotesController],
  })
  class AppModule {}

  const app = (await compile(AppModule)).createNestApplication({ logger: false });
  await app.listen(0, '127.0.0.1');
  const url = `${await app.getUrl()}/notes`;
  expect((await fetch(url, bearer('later'))).status).toBe(503);
  expect(await (await fetch(url, bearer('alice'))).json()).toEqual({ subject: 'alice' });
  await app.close();
});
