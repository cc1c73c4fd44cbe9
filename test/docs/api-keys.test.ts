import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication, Type } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { adapters, bearer } from '../support/app.js';
import { Page } from './support/page.js';

interface Keys {
  create: (key: { owner: string; scopes: string[]; expiresAt: number }) => string;
  delete: (secret: string) => void;
}

const page = await Page.open('docs/api-keys.md');
const { AppModule, ApiKeys } = await page.run<{ AppModule: Type; ApiKeys: Type<Keys> }>(
  'API keys beside access tokens',
);
const future = () => Math.floor(Date.now() / 1000) + 60;

describe.each(adapters)('the example of docs/api-keys.md, on %s', (adapter) => {
  let app: INestApplication;
  let keys: Keys;

  beforeAll(async () => {
    const module = await Test.createTestingModule({ imports: [AppModule] }).compile();
    app =
      adapter === 'fastify'
        ? module.createNestApplication(new FastifyAdapter(), { logger: false })
        : module.createNestApplication({ logger: false });
    await app.listen(0, '127.0.0.1');
    keys = app.get(ApiKeys);
  });
  afterAll(() => app.close());

  const call = async (token?: string) => {
    const url = `${await app.getUrl()}/notes`;
    const response = await fetch(url, token === undefined ? {} : bearer(token));
    return `${response.status} ${await response.text()}`;
  };

  it('accepts a key until it is deleted', async () => {
    const key = keys.create({ owner: 'job-1', scopes: ['read:notes'], expiresAt: future() });
    expect(await call(key)).toBe(
      '200 {"issuer":"https://api.example.com/notes","subject":"job-1"}',
    );
    keys.delete(key);
    expect(await call(key)).toMatch('401 {"error":"invalid_token"');
  });

  it.each<[string, (key: string) => string | undefined, string]>([
    ['a key without the scope', (key) => key, '403 {"error":"insufficient_scope"'],
    ['an unknown key', (key) => `${key}x`, '401 {"error":"invalid_token"'],
    ['a token that does not look like a key', () => 'other', '401 {"error":"invalid_token"'],
    ['no token', () => undefined, '401 {"error":"unauthorized"'],
  ])('rejects %s', async (_, tokenOf, answer) => {
    const key = keys.create({ owner: 'job-1', scopes: [], expiresAt: future() });
    expect(await call(tokenOf(key))).toMatch(answer);
  });

  it('rejects an expired key', async () => {
    const key = keys.create({ owner: 'job-1', scopes: ['read:notes'], expiresAt: 1 });
    expect(await call(key)).toMatch('401 {"error":"invalid_token"');
  });
});

it('runs every example of docs/api-keys.md', () => {
  expect(page.notRun).toEqual([]);
});
