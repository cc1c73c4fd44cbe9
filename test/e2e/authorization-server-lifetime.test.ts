import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { McpAuthModuleOptions } from 'nestjs-mcp-auth';
import { adapters, bearer, oneResource, RESOURCE, startApp } from '../support/app.js';
import { useIssuer } from '../support/serve.js';
import { NotesController } from '../support/notes.controller.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

describe.each(adapters)('documents of an authorization server, on %s', (adapter) => {
  const issuer = useIssuer({ per: 'test' });
  let url: string;
  let elapsed: number;
  let callers = 0;

  beforeEach(() => {
    elapsed = 0;
    const now = performance.now.bind(performance);
    jest.spyOn(performance, 'now').mockImplementation(() => now() + elapsed);
    jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  const start = async (more: Partial<McpAuthModuleOptions> = {}) => {
    const options = { ...oneResource(issuer.url), ...more };
    ({ url } = await startApp({ adapter, options, controllers: [NotesController] }));
  };

  const call = async (header = {}) => {
    const claims = { sub: `user-${callers++}` };
    const token = await issuer.mint({ audience: RESOURCE, claims, header });
    return (await fetch(`${url}/notes`, bearer(token))).status;
  };

  const fetched = (path: string, times: number) => issuer.arrived(path, times);

  it('are fetched again in the background after 75% of their max-age', async () => {
    issuer.headers = { 'cache-control': 'max-age=3600' };
    await start();
    expect(await call()).toBe(200);
    elapsed = 44 * MINUTE;
    expect(await call()).toBe(200);
    expect([issuer.count('openid'), issuer.count('/jwks')]).toEqual([1, 1]);
    elapsed = 46 * MINUTE;
    expect(await call()).toBe(200);
    await fetched('openid', 2);
    await fetched('/jwks', 2);
  });

  it.each([
    ['no-store', undefined],
    ['max-age=0', undefined],
    ['max-age=3600', '3590'],
  ])('with Cache-Control %s and Age %s are still cached for a minute', async (value, age) => {
    issuer.headers = { 'cache-control': value, ...(age && { age }) };
    await start();
    expect(await call()).toBe(200);
    elapsed = 40 * SECOND;
    expect(await call()).toBe(200);
    expect(issuer.count('/jwks')).toBe(1);
    elapsed = 61 * SECOND;
    expect(await call()).toBe(200);
    expect(issuer.count('/jwks')).toBe(2);
  });

  it('are cached for a day at most, even with a max-age of a year', async () => {
    issuer.headers = { 'cache-control': 'max-age=31536000' };
    await start();
    expect(await call()).toBe(200);
    elapsed = 24 * HOUR + SECOND;
    expect(await call()).toBe(200);
    expect(issuer.count('/jwks')).toBe(2);
  });

  it('stop being used when refreshed: a token of a removed key is rejected', async () => {
    await start();
    const old = bearer(await issuer.mint({ audience: RESOURCE }));
    expect((await fetch(`${url}/notes`, old)).status).toBe(200);
    await issuer.rotate();
    elapsed = 11 * MINUTE;
    expect((await fetch(`${url}/notes`, old)).status).toBe(401);
  });

  it('are used for staleIfError seconds beyond their lifetime, during an outage', async () => {
    await start({ staleIfError: 3600 });
    expect(await call()).toBe(200);
    await issuer.down();
    elapsed = 69 * MINUTE;
    expect(await call()).toBe(200);
    elapsed = 71 * MINUTE;
    expect(await call()).toBe(503);
    await issuer.up();
    elapsed = 72 * MINUTE;
    expect(await call()).toBe(200);
  });

  it('are not used beyond their lifetime with staleIfError 0', async () => {
    await start({ staleIfError: 0 });
    expect(await call()).toBe(200);
    await issuer.down();
    elapsed = 9 * MINUTE;
    expect(await call()).toBe(200);
    elapsed = 11 * MINUTE;
    expect(await call()).toBe(503);
  });

  it('include the JWK Set at a new jwks_uri after the next refresh of the metadata', async () => {
    await start();
    expect(await call()).toBe(200);
    issuer.answer('/moved', (_, response) => {
      void issuer.publicJwk().then((key) => response.end(JSON.stringify({ keys: [key] })));
    });
    issuer.metadata = { jwks_uri: `${issuer.url}/moved` };
    issuer.answer('/jwks', (_, response) => response.writeHead(404).end());
    await issuer.rotate();
    elapsed = 11 * MINUTE;
    expect(await call()).toBe(200);
    expect([issuer.count('/moved'), issuer.count('/jwks')]).toEqual([1, 1]);
  });

  it('are fetched at most three times in 30 seconds during a flood of unknown key ids, and a new key is then found', async () => {
    await start();
    expect(await call()).toBe(200);
    const flood = Array.from({ length: 50 }, (_, index) => call({ kid: `stranger-${index}` }));
    expect(new Set(await Promise.all(flood))).toEqual(new Set([401]));
    expect(issuer.count('/jwks')).toBeLessThanOrEqual(3);
    await issuer.rotate();
    elapsed = 31 * SECOND;
    expect(await call()).toBe(200);
  });
});
