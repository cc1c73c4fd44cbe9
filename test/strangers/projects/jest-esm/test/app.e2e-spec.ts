import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import {
  BAD_TOKENS,
  createDpopKey,
  createTestAuthorizationServer,
  type TestAuthorizationServer,
} from 'nestjs-mcp-auth/testing';
import { AppModule } from '../src/app.module.js';

const RESOURCE = 'https://api.example.com/notes';

let server: TestAuthorizationServer;
let app: NestFastifyApplication;
let url: string;

beforeAll(async () => {
  server = await createTestAuthorizationServer({ audience: RESOURCE });
  process.env.ISSUER = server.issuer;
  const module = await Test.createTestingModule({ imports: [AppModule] }).compile();
  app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
  await app.listen(0, '127.0.0.1');
  url = `${await app.getUrl()}/notes`;
});

afterAll(async () => {
  await app.close();
  await server.close();
});

const list = (headers: Record<string, string>) => fetch(url, { headers });

it('answers a request without a token with a challenge', async () => {
  const response = await list({});
  expect(response.status).toBe(401);
  expect(response.headers.get('www-authenticate')).toContain('scope="read:notes"');
});

it('lists the notes of the caller', async () => {
  const token = await server.mint({ subject: 'alice', scopes: ['read:notes'] });
  const response = await list({ authorization: `Bearer ${token}` });
  expect(await response.json()).toEqual({ caller: 'alice' });
});

it('needs the scope', async () => {
  const token = await server.mint({ subject: 'bob' });
  expect((await list({ authorization: `Bearer ${token}` })).status).toBe(403);
});

it.each(BAD_TOKENS)('rejects a bad token (%s)', async (name) => {
  const token = await server.bad(name, { scopes: ['read:notes'] });
  expect((await list({ authorization: `Bearer ${token}` })).status).toBe(401);
});

it('accepts a token that is bound to a key, with a proof', async () => {
  const key = await createDpopKey();
  const token = await server.mint({ dpopKey: key, scopes: ['read:notes'] });
  const dpop = await key.proof(token, { url: RESOURCE });
  expect((await list({ authorization: `DPoP ${token}`, dpop })).status).toBe(200);
  expect((await list({ authorization: `Bearer ${token}` })).status).toBe(401);
});
