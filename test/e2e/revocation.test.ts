import { afterEach, describe, expect, it, jest } from '@jest/globals';
import {
  AccessTokenVerifier,
  McpAuthConfigurationError,
  MemoryStateStore,
  ProtectedResourceRegistry,
  StateStore,
  StateStoreUnavailableError,
  TokenRevocations,
  type McpAuthModuleOptions,
  type ProtectedResourceOptions,
  type RevokedSubject,
  type RevokedToken,
} from 'nestjs-mcp-auth';
import {
  adapters,
  bearer,
  createApp,
  oneResource,
  RESOURCE,
  startApp,
  stopApps,
  type RunningApp,
} from '../support/app.js';
import { Issuer, json } from '../support/issuer.js';
import { useIssuer } from '../support/serve.js';
import { NotesController } from '../support/notes.controller.js';

const controllers = [NotesController];
/** Returns the time in seconds since the epoch. */
const now = () => Math.floor(Date.now() / 1000);
const monotonic = performance.now.bind(performance);
const wall = Date.now.bind(Date);
/** The greatest number of seconds that a test takes on a slow machine. */
const SLACK = 30;

describe.each(adapters)('revocation, on %s', (adapter) => {
  const issuer = useIssuer({ per: 'test' });
  let running: RunningApp;

  afterEach(() => {
    jest.restoreAllMocks();
  });

  const start = async (
    module: Partial<McpAuthModuleOptions> = {},
    resource: Partial<ProtectedResourceOptions> = {},
  ) => {
    const options = { ...oneResource(issuer.url, resource), ...module };
    running = await startApp({ adapter, options, controllers });
  };
  const revocations = ({ app } = running) => app.get(TokenRevocations);
  const mint = async (claims: Record<string, unknown> = {}) =>
    issuer.mint({ audience: RESOURCE, claims: { jti: 'a', ...claims } });
  const call = async (token: string, { url } = running) => fetch(`${url}/notes`, bearer(token));
  const status = async (token: string, app = running) => (await call(token, app)).status;
  const later = (seconds: number) => {
    jest.spyOn(performance, 'now').mockImplementation(() => monotonic() + seconds * 1000);
    jest.spyOn(Date, 'now').mockImplementation(() => wall() + seconds * 1000);
  };

  it('answers 401, as for any invalid token', async () => {
    await start();
    const token = await mint();
    expect(await status(token)).toBe(200);
    await revocations().revokeToken({ issuer: issuer.url, jti: 'a' });
    const answer = await call(token);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"');
    expect(await answer.json()).toEqual({
      error: 'invalid_token',
      error_description: 'The access token was revoked.',
    });
  });

  it.each<[string, Partial<McpAuthModuleOptions>]>([
    ['cached', {}],
    ['not cached', { tokenCache: false }],
    ['revoked in the application’s own store', { store: new MemoryStateStore() }],
  ])('rejects tokens that are %s, from the next request on', async (_, module) => {
    await start(module);
    const token = await mint({ jti: 'revoked' });
    expect([await status(token), await status(token)]).toEqual([200, 200]);
    await revocations().revokeToken({ issuer: issuer.url, jti: 'revoked' });
    expect([await status(token), await status(token)]).toEqual([401, 401]);
  });

  it.each<[string, Partial<RevokedToken>, Record<string, unknown>, number]>([
    ['the token', {}, {}, 401],
    ['a token with another jti', { jti: 'b' }, {}, 200],
    ['a token without jti', {}, { jti: undefined }, 200],
    ['a token whose jti is no string', { jti: '5' }, { jti: 5 }, 200],
    [
      'a jti of any length and characters',
      { jti: 'é\n'.repeat(500) },
      { jti: 'é\n'.repeat(500) },
      401,
    ],
    ['with expiresAt in the future', { expiresAt: now() + 300 }, {}, 401],
    ['with expiresAt in the past', { expiresAt: now() - 3600 }, {}, 200],
  ])('of one token by jti: %s', async (_, revoked, claims, expected) => {
    await start();
    await revocations().revokeToken({ issuer: issuer.url, jti: 'a', ...revoked });
    expect(await status(await mint(claims))).toBe(expected);
  });

  const ago = (seconds: number) => now() - seconds;

  it.each<[string, () => Partial<RevokedSubject>, () => Record<string, unknown>, number]>([
    ['a token issued before', () => ({ issuedBefore: ago(5) }), () => ({ iat: ago(10) }), 401],
    ['a token without iat', () => ({ issuedBefore: ago(0) }), () => ({ iat: undefined }), 401],
    ['a token of another subject', () => ({}), () => ({ sub: 'bob' }), 200],
    ['a token without sub', () => ({}), () => ({ sub: undefined }), 200],
    ['a token with sub only', () => ({}), () => ({ jti: undefined, iat: undefined }), 401],
    [
      'a token issued before a time in the future',
      () => ({ issuedBefore: ago(-60) }),
      () => ({ iat: ago(0) }),
      401,
    ],
    ['by default, a token of the same second', () => ({}), () => ({ iat: ago(0) }), 401],
    [
      'by default, a token with an iat in the future, within the clock tolerance',
      () => ({}),
      () => ({ iat: ago(-4) }),
      401,
    ],
    ['a token issued afterwards', () => ({ issuedBefore: ago(10) }), () => ({ iat: ago(5) }), 200],
  ])('of a subject: %s', async (_, revoked, claims, expected) => {
    await start();
    const token = await mint(claims());
    await revocations().revokeSubject({ issuer: issuer.url, subject: 'alice', ...revoked() });
    expect(await status(token)).toBe(expected);
  });

  it.each([
    ['at the same time', 0, 200],
    ['half a second before', 0.5, 401],
  ])('of a subject with issuedBefore: a token issued %s', async (_, after, expected) => {
    await start();
    const iat = ago(10);
    const issuedBefore = iat + after;
    await revocations().revokeSubject({ issuer: issuer.url, subject: 'alice', issuedBefore });
    expect(await status(await mint({ iat }))).toBe(expected);
  });

  it('of a subject does not affect tokens issued afterwards', async () => {
    await start();
    const old = await mint();
    expect(await status(old)).toBe(200);
    await revocations().revokeSubject({ issuer: issuer.url, subject: 'alice' });
    expect(await status(old)).toBe(401);
    later(10);
    expect([await status(old), await status(await mint())]).toEqual([401, 200]);
  });

  it('of a subject tolerates the same clock difference as the resource', async () => {
    await start({}, { jwt: { clockTolerance: 0 } });
    await revocations().revokeSubject({ issuer: issuer.url, subject: 'alice' });
    later(2);
    expect(await status(await mint({ iat: now() }))).toBe(200);
  });

  it('affects only one issuer: another issuer can use the same jti and subject', async () => {
    const other = await Issuer.start();
    try {
      const metadata = { resource: RESOURCE, authorizationServers: [issuer.url, other.url] };
      const options = { protectedResources: { metadata } };
      running = await startApp({ adapter, options, controllers });
      await revocations().revokeToken({ issuer: other.url, jti: 'a' });
      await revocations().revokeSubject({ issuer: other.url, subject: 'alice' });
      const theirs = await other.mint({ audience: RESOURCE, claims: { jti: 'a' } });
      expect([await status(await mint()), await status(theirs)]).toEqual([200, 401]);
    } finally {
      await other.down();
    }
  });

  it.each<[string, (revocations: TokenRevocations) => Promise<void>]>([
    [
      'token',
      async (list) => {
        await list.revokeToken({ issuer: issuer.url, jti: 'a', expiresAt: now() + 300 });
        await list.revokeToken({ issuer: issuer.url, jti: 'a', expiresAt: now() - 550 });
      },
    ],
    [
      'subject',
      async (list) => {
        await list.revokeSubject({ issuer: issuer.url, subject: 'alice' });
        await list.revokeSubject({
          issuer: issuer.url,
          subject: 'alice',
          issuedBefore: now() - 86_400,
        });
      },
    ],
  ])('of a %s is not undone by a later call that revokes less', async (_, revoke) => {
    await start();
    await revoke(revocations());
    const token = await mint({ exp: now() + 900 });
    expect(await status(token)).toBe(401);
    later(120);
    expect(await status(token)).toBe(401);
  });

  it.each<[string, (revocations: TokenRevocations) => Promise<void>, number]>([
    [
      'a token until it has expired',
      async (list) => list.revokeToken({ issuer: issuer.url, jti: 'a', expiresAt: now() + 60 }),
      660,
    ],
    [
      'a token of unknown expiry for maxTokenLifetime',
      async (list) => list.revokeToken({ issuer: issuer.url, jti: 'a' }),
      87_000,
    ],
    [
      'a subject for maxTokenLifetime',
      async (list) =>
        list.revokeSubject({ issuer: issuer.url, subject: 'alice', issuedBefore: now() + 1 }),
      87_000,
    ],
    [
      'a subject with a future issuedBefore for maxTokenLifetime from then on',
      async (list) =>
        list.revokeSubject({ issuer: issuer.url, subject: 'alice', issuedBefore: now() + 3600 }),
      90_600,
    ],
  ])('remembers %s, and no longer', async (_, revoke, end) => {
    await start();
    const token = await mint({ exp: now() + 200_000 });
    await revoke(revocations());
    later(end - SLACK);
    expect(await status(token)).toBe(401);
    later(end + SLACK);
    expect(await status(token)).toBe(200);
  });

  it('writes nothing for tokens that have all expired', async () => {
    const store = new MemoryStateStore();
    const put = jest.spyOn(store, 'put');
    await start({ store });
    const issuedBefore = now() - 90_000;
    await revocations().revokeToken({ issuer: issuer.url, jti: 'a', expiresAt: now() - 700 });
    await revocations().revokeSubject({ issuer: issuer.url, subject: 'alice', issuedBefore });
    expect(put).not.toHaveBeenCalled();
  });

  it('remembers as long as maxTokenLifetime says', async () => {
    await start({ revocation: { maxTokenLifetime: 3600 } });
    const token = await mint({ exp: now() + 200_000 });
    await revocations().revokeSubject({ issuer: issuer.url, subject: 'alice' });
    later(4200 - SLACK);
    expect(await status(token)).toBe(401);
    later(4200 + SLACK);
    expect(await status(token)).toBe(200);
  });

  it('applies to introspected tokens', async () => {
    issuer.metadata = { introspection_endpoint: `${issuer.url}/introspect` };
    issuer.answer('/introspect', (_, response) =>
      json(response, { active: true, iss: issuer.url, aud: RESOURCE, sub: 'alice', jti: 'a' }),
    );
    const introspection = { clientId: 'notes', clientSecret: 'made-up' };
    const metadata = {
      resource: RESOURCE,
      authorizationServers: [{ issuer: issuer.url, introspection }],
    };
    running = await startApp({
      adapter,
      options: { protectedResources: { metadata } },
      controllers,
    });
    expect(await status('opaque')).toBe(200);
    await revocations().revokeToken({ issuer: issuer.url, jti: 'a' });
    expect(await status('opaque')).toBe(401);
  });

  it.each<[string, Partial<RevokedToken & RevokedSubject>]>([
    ['jti', { jti: 'a' }],
    ['subject', { subject: 'alice' }],
  ])('applies to tokens of the application’s own verifier, by %s', async (_, revoked) => {
    const found = {
      issuer: issuer.url,
      audience: RESOURCE,
      subject: 'alice',
      claims: { jti: 'a' },
    };
    await start({}, { tokenVerifier: () => found });
    expect(await status('opaque')).toBe(200);
    const given = { issuer: issuer.url, ...revoked };
    await ('jti' in revoked
      ? revocations().revokeToken(given as RevokedToken)
      : revocations().revokeSubject(given as RevokedSubject));
    expect(await status('opaque')).toBe(401);
  });

  it('applies to tokens verified outside HTTP by TokenVerifier', async () => {
    await start();
    const token = await mint();
    await revocations().revokeToken({ issuer: issuer.url, jti: 'a' });
    const resource = running.app.get(ProtectedResourceRegistry).get(RESOURCE);
    const verify = async () =>
      resource && running.app.get(AccessTokenVerifier).verify(token, resource);
    await expect(verify()).rejects.toMatchObject({ code: 'invalid_token', reason: 'revoked' });
  });

  it('is shared by instances that share a store', async () => {
    const store = new MemoryStateStore();
    await start({ store });
    const first = running;
    await start({ store });
    const token = await mint();
    expect([await status(token, first), await status(token)]).toEqual([200, 200]);
    await revocations(first).revokeToken({ issuer: issuer.url, jti: 'a' });
    expect([await status(token, first), await status(token)]).toEqual([401, 401]);
  });

  it('does not query the default store until something is revoked', async () => {
    const get = jest.spyOn(MemoryStateStore.prototype, 'get');
    await start();
    const token = await mint();
    expect([await status(token), await status(token), get.mock.calls.length]).toEqual([
      200, 200, 0,
    ]);
    await revocations().revokeToken({ issuer: issuer.url, jti: 'b' });
    const before = get.mock.calls.length;
    expect([await status(token), get.mock.calls.length]).toEqual([200, before + 1]);
  });

  it('does not remove the cache entry of another token', async () => {
    await start();
    const token = await mint();
    const resource = running.app.get(ProtectedResourceRegistry).get(RESOURCE);
    const verifier = running.app.get(AccessTokenVerifier);
    await status(token);
    expect(resource && (await verifier.verify(token, resource))).toMatchObject({
      subject: 'alice',
    });
    await revocations().revokeToken({ issuer: issuer.url, jti: 'b' });
    expect(resource && (await verifier.verify(token, resource))).toMatchObject({
      subject: 'alice',
    });
  });

  it('queries the application’s own store with each request, by keys that reveal nothing', async () => {
    const store = new MemoryStateStore();
    const get = jest.spyOn(store, 'get');
    await start({ store });
    const token = await mint();
    expect([await status(token), await status(token), get.mock.calls.length]).toEqual([
      200, 200, 2,
    ]);
    for (const key of get.mock.calls.flat(2)) {
      expect(key).toMatch(/^revoked-(jti|sub):[\w-]{43}$/);
    }
  });

  it('queries nothing and cannot be called with revocation: false', async () => {
    const store = new MemoryStateStore();
    const get = jest.spyOn(store, 'get');
    await start({ store, revocation: false });
    expect([await status(await mint()), get.mock.calls.length]).toEqual([200, 0]);
    const off = /No token can be revoked with revocation: false/;
    const expiresAt = now() + 60;
    const given = { issuer: issuer.url, jti: 'a', expiresAt };
    await expect(revocations().revokeToken(given)).rejects.toThrow(off);
    const subject = { issuer: issuer.url, subject: 'alice', issuedBefore: now() };
    await expect(revocations().revokeSubject(subject)).rejects.toThrow(off);
  });

  const failures: [string, Partial<StateStore>][] = [
    [
      'throws',
      {
        get: () => {
          throw new Error('down');
        },
      },
    ],
    ['rejects', { get: async () => Promise.reject(new Error('down')) }],
    ['answers with nothing', { get: () => undefined as never }],
    ['answers with nothing, later', { get: async () => undefined as never }],
    ['answers with too few values', { get: () => [] }],
    ['answers with too many values', { get: () => [undefined, undefined, undefined] }],
    ['answers with null', { get: (keys) => keys.map(() => null as never) }],
    ['answers with numbers', { get: async (keys) => keys.map(() => 1 as never) }],
    ['answers with text in place of a list', { get: () => 'ab' as never }],
  ];

  it.each(failures)('answers 503 if the store %s', async (_, broken) => {
    const store = Object.assign(new MemoryStateStore(), broken);
    await start({ store });
    const answer = await call(await mint());
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(answer.headers.get('www-authenticate')).toBeNull();
    expect(await answer.json()).toEqual({
      error: 'temporarily_unavailable',
      error_description: 'The access token cannot be verified at the moment.',
    });
  });

  it('accepts a thenable as an answer of the store', async () => {
    const thenable = (keys: readonly string[]) => ({
      then: (resolve: (values: undefined[]) => void) => resolve(keys.map(() => undefined)),
    });
    await start({ store: Object.assign(new MemoryStateStore(), { get: thenable as never }) });
    expect(await status(await mint())).toBe(200);
  });

  it('rejects the token if the store holds a malformed time', async () => {
    const get = (keys: readonly string[]) =>
      keys.map((key) => (key.startsWith('revoked-sub:') ? 'soon' : undefined));
    await start({ store: Object.assign(new MemoryStateStore(), { get }) });
    expect(await status(await mint())).toBe(401);
  });

  it('throws StateStoreUnavailableError if the store cannot be written', async () => {
    const put = async () => Promise.reject(new Error('down'));
    await start({ store: Object.assign(new MemoryStateStore(), { put }) });
    const revoking = revocations().revokeToken({ issuer: issuer.url, jti: 'a' });
    await expect(revoking).rejects.toBeInstanceOf(StateStoreUnavailableError);
    await expect(revoking).rejects.toMatchObject({
      code: 'state_store_unavailable',
      cause: { message: 'down' },
    });
  });

  it('logs when a store cannot be read, and when it can be read again', async () => {
    const warnings: unknown[] = [];
    const logger = { log: () => 0, error: () => 0, warn: (text: unknown) => warnings.push(text) };
    const memory = new MemoryStateStore();
    let isDown = true;
    const get = (keys: readonly string[]) => {
      if (isDown) {
        throw new Error('connection refused');
      }
      return memory.get(keys);
    };
    const options = {
      ...oneResource(issuer.url),
      store: Object.assign(new MemoryStateStore(), { get }),
    };
    running = await startApp({ adapter, options, controllers, nest: { logger } });
    const token = await mint();
    const failure =
      'The state store is unavailable (connection refused). Requests that need it get 503.';
    expect([await status(token), await status(token), warnings]).toEqual([503, 503, [failure]]);
    isDown = false;
    expect([await status(token), warnings]).toEqual([200, [failure]]);
    later(11);
    const recovery = 'The state store is available again.';
    expect([await status(token), warnings]).toEqual([200, [failure, recovery]]);
  });

  it.each<[string, Partial<RevokedToken>, RegExp]>([
    [
      'an issuer that no resource trusts',
      { issuer: 'https://x.example.com' },
      /No protected resource/,
    ],
    ['no issuer', { issuer: undefined }, /No protected resource/],
    ['no jti', { jti: undefined }, /needs the jti as a non-empty string \(given: undefined\)/],
    ['an empty jti', { jti: '' }, /needs the jti/],
    ['an expiry in milliseconds', { expiresAt: Date.now() }, /seconds since the epoch/],
    ['an expiry that is NaN', { expiresAt: NaN }, /seconds since the epoch/],
    ['an expiry that is a string', { expiresAt: '5' as never }, /seconds since the epoch/],
    ['an infinite expiry', { expiresAt: Infinity }, /seconds since the epoch/],
  ])('of a token is refused with %s', async (_, wrong, message) => {
    await start();
    const revoking = revocations().revokeToken({ issuer: issuer.url, jti: 'a', ...wrong });
    await expect(revoking).rejects.toBeInstanceOf(McpAuthConfigurationError);
    await expect(revoking).rejects.toThrow(message);
  });

  it.each<[string, Partial<RevokedSubject>, RegExp]>([
    ['an issuer with an extra trailing slash', { issuer: 'slash' }, /No protected resource/],
    ['no subject', { subject: undefined }, /needs the subject/],
    ['a time in milliseconds', { issuedBefore: Date.now() }, /seconds since the epoch/],
    ['a negative time', { issuedBefore: -1 }, /seconds since the epoch/],
  ])('of a subject is refused with %s', async (_, wrong, message) => {
    await start();
    const given = { issuer: issuer.url, subject: 'alice', ...wrong };
    given.issuer = wrong.issuer === 'slash' ? `${issuer.url}/` : given.issuer;
    const revoking = revocations().revokeSubject(given);
    await expect(revoking).rejects.toBeInstanceOf(McpAuthConfigurationError);
    await expect(revoking).rejects.toThrow(message);
  });
});

describe('a state store', () => {
  afterEach(stopApps);

  const storeOf = async (broken: Partial<StateStore> = {}) => {
    const store = Object.assign(new MemoryStateStore({ maxKeys: 1 }), broken);
    const options = { ...oneResource('https://auth.example.com'), store };
    return (await createApp({ adapter: 'express', options })).get(StateStore);
  };

  it('throws StateStoreUnavailableError when it is full, but still answers for stored keys', async () => {
    const store = await storeOf();
    expect(store.firstTime('a', 60)).toBe(true);
    expect(() => store.firstTime('b', 60)).toThrow(StateStoreUnavailableError);
    expect(store.firstTime('a', 60)).toBe(false);
  });

  it.each([undefined, null, 1, 'OK', []])(
    'throws StateStoreUnavailableError if its firstTime() returns %p',
    async (answer) => {
      const assertNotPromise = await storeOf({ firstTime: () => answer as never });
      expect(() => assertNotPromise.firstTime('a', 60)).toThrow(StateStoreUnavailableError);
      const later = await storeOf({ firstTime: async () => answer as never });
      await expect(later.firstTime('a', 60)).rejects.toBeInstanceOf(StateStoreUnavailableError);
    },
  );
});
