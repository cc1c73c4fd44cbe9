import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { generateKeyPair } from 'jose';
import { AuthorizationServerMetadataService } from 'nestjs-mcp-auth';
import { adapters } from '../support/app.js';
import { Issuer } from '../support/issuer.js';
import { serve } from '../support/serve.js';

describe.each(adapters)('the guard on %s, if the authorization server', (adapter) => {
  const server = serve(adapter, { per: 'test', module: { fetchTimeout: 200 } });
  const { issuer } = server;
  let elapsed: number;

  beforeEach(() => {
    elapsed = 0;
    const now = performance.now.bind(performance);
    jest.spyOn(performance, 'now').mockImplementation(() => now() + elapsed);
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  const call = async (options: Parameters<Issuer['mint']>[0] = {}) =>
    server.get('notes', await server.mint(options));

  it('is down: answers 503 with Retry-After and no challenge, and 200 without a restart when it is back', async () => {
    await issuer.down();
    const response = await call();
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect(response.headers.get('www-authenticate')).toBeNull();
    expect(await response.json()).toEqual({
      error: 'temporarily_unavailable',
      error_description: 'The access token cannot be verified at the moment.',
    });
    await issuer.up();
    elapsed = 1000;
    expect((await call()).status).toBe(200);
  });

  it('goes down after a token was verified: still uses its keys', async () => {
    expect((await call()).status).toBe(200);
    await issuer.down();
    expect((await call({ claims: { sub: 'bob' } })).status).toBe(200);
  });

  it('is down: answers 503 to a token with an unknown key, which may be a new key', async () => {
    expect((await call()).status).toBe(200);
    await issuer.down();
    expect((await call({ header: { kid: 'new' } })).status).toBe(503);
  });

  it.each([
    ['never answers', () => undefined],
    [
      'never ends its response',
      (response: ServerResponse) => void response.writeHead(200).write('{'),
    ],
  ])('%s: answers 503 after fetchTimeout', async (_, answer) => {
    for (const candidate of ['oauth-authorization-server', 'openid-configuration']) {
      issuer.answer(`/.well-known/${candidate}`, (_request, response) => {
        answer(response);
      });
    }
    const started = performance.now();
    expect((await call()).status).toBe(503);
    expect(performance.now() - started).toBeLessThan(3000);
  });

  it.each([500, 429, 302, 404])('answers %d for the JWK Set: answers 503', async (status) => {
    issuer.answer('/jwks', (_, response) =>
      response.writeHead(status, { location: '/jwks2' }).end(),
    );
    expect((await call()).status).toBe(503);
    expect(issuer.count('/jwks2')).toBe(0);
  });

  it('rotates its key: accepts the new key within one request, and rejects the old key', async () => {
    const old = await server.mint();
    expect((await call()).status).toBe(200);
    await issuer.rotate('second');
    expect((await call()).status).toBe(200);
    expect((await server.get('notes', old)).status).toBe(401);
    expect(issuer.count('/jwks')).toBe(3);
  });

  it('withdraws all its keys: no longer accepts any token', async () => {
    expect((await call()).status).toBe(200);
    const old = await server.mint();
    issuer.answer('/jwks', (_, response) => response.end('{"keys":[]}'));
    expect((await call({ header: { kid: 'new' } })).status).toBe(401);
    expect((await server.get('notes', old)).status).toBe(401);
  });

  it.each(['{}', '{"keys":{}}', '[]', 'x'])(
    'answers %s for its JWK Set: answers 503',
    async (body) => {
      issuer.answer('/jwks', (_, response) => response.end(body));
      expect((await call()).status).toBe(503);
    },
  );

  it('publishes a broken key: answers 503, since the token is not at fault', async () => {
    const { kty, crv, kid } = await issuer.publicJwk();
    issuer.answer('/jwks', (_, response) => {
      response.end(JSON.stringify({ keys: [{ kty, crv, kid, x: 'AA', y: 'AA' }] }));
    });
    expect((await call()).status).toBe(503);
  });

  it('is asked for unknown key ids: requests its JWK Set at most three times in 30 seconds', async () => {
    for (let index = 0; index < 20; index++) {
      expect((await call({ header: { kid: `stranger-${index}` } })).status).toBe(401);
    }
    expect(issuer.count('/jwks')).toBe(3);
    expect((await call()).status).toBe(200);
  });

  it('is needed by 100 concurrent first requests: fetches each document once', async () => {
    const tokens = await Promise.all(
      Array.from({ length: 100 }, (_, index) => server.mint({ claims: { sub: `user-${index}` } })),
    );
    const responses = await Promise.all(tokens.map((token) => server.get('notes', token)));
    expect(responses.every(({ status }) => status === 200)).toBe(true);
    expect(issuer.count('openid-configuration')).toBe(1);
    expect(issuer.count('/jwks')).toBe(1);
  });

  it('publishes keys that must not be used: treats them as absent', async () => {
    const key = await issuer.publicJwk();
    issuer.extraKeys = [
      { ...key, kid: 'private', d: 'c2VjcmV0' },
      { ...key, kid: 'encryption', use: 'enc' },
      { kty: 'oct', kid: 'symmetric', k: 'c2VjcmV0' },
      { kty: 'RSA', kid: 'short', n: Buffer.alloc(128, 255).toString('base64url'), e: 'AQAB' },
      { kty: 'X', kid: 'unknown' },
      null as never,
    ];
    for (const { kid } of issuer.extraKeys.filter(Boolean)) {
      expect((await call({ header: { kid } })).status).toBe(401);
    }
    expect((await call()).status).toBe(200);
  });

  it('has several keys for a token without kid: finds the right key', async () => {
    const key = await issuer.publicJwk();
    await issuer.rotate('second');
    issuer.extraKeys = [key];
    expect((await call({ header: { kid: undefined } })).status).toBe(200);
    const { privateKey } = await generateKeyPair('ES256');
    expect((await call({ header: { kid: undefined }, key: privateKey })).status).toBe(401);
  });

  it('moves its JWK Set: fetches it from the new jwks_uri once the metadata is refreshed', async () => {
    expect((await call()).status).toBe(200);
    issuer.answer('/moved', (_, response) => {
      void issuer.publicJwk().then((key) => response.end(JSON.stringify({ keys: [key] })));
    });
    issuer.metadata = { jwks_uri: `${issuer.url}/moved` };
    await server.app.get(AuthorizationServerMetadataService).refresh(issuer.url);
    await issuer.rotate('second');
    expect((await call()).status).toBe(200);
    expect(issuer.count('/moved')).toBe(1);
  });
});
