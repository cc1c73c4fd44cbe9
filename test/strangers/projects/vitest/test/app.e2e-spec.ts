import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { TokenVerifier } from 'nestjs-mcp-auth';
import {
  BAD_TOKENS,
  createTestAuthorizationServer,
  mcpClient,
  stubTokens,
  type TestAuthorizationServer,
} from 'nestjs-mcp-auth/testing';
import { AppModule } from '../src/app.module.js';

describe('the tools, for alice and bob', () => {
  let app: INestApplication;

  beforeAll(async () => {
    const module = await Test.createTestingModule({ imports: [AppModule] })
      .overrideProvider(TokenVerifier)
      .useValue(stubTokens({ alice: { scopes: ['write:notes'] }, bob: {} }))
      .compile();
    app = module.createNestApplication();
  });

  afterAll(() => app.close());

  it('lists the tools', async () => {
    const client = await mcpClient(app, 'bob');
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(['list-notes', 'delete-notes']);
    await client.close();
  });

  it('lets alice delete the notes, and not bob', async () => {
    const [alice, bob] = [await mcpClient(app, 'alice'), await mcpClient(app, 'bob')];
    const { content } = await alice.callTool({ name: 'delete-notes' });
    expect(content).toEqual([{ type: 'text', text: 'deleted' }]);
    await expect(bob.callTool({ name: 'delete-notes' })).rejects.toThrow(/scope/);
    await Promise.all([alice.close(), bob.close()]);
  });
});

describe('tokens that are verified', () => {
  let server: TestAuthorizationServer;
  let app: INestApplication;

  beforeAll(async () => {
    server = await createTestAuthorizationServer({ audience: 'https://api.example.com/mcp' });
    process.env.ISSUER = server.issuer;
    const module = await Test.createTestingModule({ imports: [AppModule] }).compile();
    app = module.createNestApplication();
  });

  afterAll(async () => {
    await app.close();
    await server.close();
  });

  it('accepts a good token', async () => {
    const client = await mcpClient(app, await server.mint());
    expect((await client.listTools()).tools).toHaveLength(2);
    await client.close();
  });

  it.each(BAD_TOKENS)('rejects a bad token (%s)', async (name) => {
    await expect(mcpClient(app, await server.bad(name))).rejects.toThrow(/invalid_token/);
  });
});
