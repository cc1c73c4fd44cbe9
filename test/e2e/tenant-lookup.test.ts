import { describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import {
  AuthorizationServerUnavailableError,
  InvalidTokenError,
  JwtTokenVerifier,
  type FindTenant,
  type ProtectedResourceOptions,
  type TenantOptions,
} from 'nestjs-mcp-auth';
import { adapters } from '../support/app.js';
import { at, documentOf, TEMPLATE, TenantApp } from '../support/tenant-app.js';

const TTL = 60_000;
const STRANGERS = 100;

const rejectAll = () => {
  throw new InvalidTokenError();
};

describe.each(adapters)('tenants, on %s', (adapter) => {
  const tested = TenantApp.use(adapter);
  const { issuer, issuers, find, start, mint, call, status, document, raw } = tested;

  describe('with a tenants function', () => {
    const wrong: [string, () => unknown, string][] = [
      ['null', () => null, 'must be an object, '],
      ['a text', () => 'yes', 'must be an object, '],
      ['a misspelt option', () => ({ servers: [] }), '- servers is not an option'],
      [
        'an authorization server that is not valid',
        () => ({ authorizationServers: ['acme'] }),
        '- authorizationServers[0].issuer must be an absolute URL',
      ],
      [
        'a resolver',
        () => ({ authorizationServers: [() => undefined] }),
        '- authorizationServers[0].resolver is not an option',
      ],
      [
        'an issuer of the list',
        () => ({ authorizationServers: [issuer.url] }),
        'names the issuer "',
      ],
      [
        'the same issuer twice, with different tokenIssuers',
        () => ({
          authorizationServers: ['one', 'two'].map((tokenIssuer) => {
            return { issuer: 'https://own.example.com', tokenIssuer };
          }),
        }),
        'names the issuer "https://own.example.com" twice',
      ],
      [
        'two issuers with the same tokenIssuer',
        () => ({
          authorizationServers: ['https://one.example.com', 'https://two.example.com'].map(
            (own) => ({ issuer: own, tokenIssuer: 'https://shared.example.com' }),
          ),
        }),
        'names two authorization servers whose tokens have the issuer "https://shared.example.com"',
      ],
      ['an error', () => Promise.reject(new Error('no database')), 'threw: no database'],
    ];

    it.each(wrong)('that answers wrongly (%s) are answered 500', async (_, answer, message) => {
      jest.spyOn(Logger.prototype, 'error').mockImplementation(tested.write);
      await start();
      find.mockImplementation(answer as FindTenant);
      const token = await mint('acme');
      for (const request of [() => raw(documentOf('acme')), () => status('acme', token)]) {
        tested.logged = [];
        expect(await request()).toBe(500);
        expect(tested.logged.join('\n')).toContain(message);
        expect(tested.logged.join('\n')).toContain(`"tenants" of ${TEMPLATE}`);
      }
      find.mockReturnValue(true);
      expect([await raw(documentOf('acme')), await status('acme', token)]).toEqual([200, 200]);
    });

    it.each<[string, Partial<ProtectedResourceOptions>, unknown[], TenantOptions, string]>([
      ['no authorization server', {}, [], {}, 'return at least one'],
      [
        'its own authorization server, with one audience for all tenants',
        { audience: 'api://notes' },
        [],
        { authorizationServers: ['https://own.example.com'] },
        'put "{tenant}" into every audience',
      ],
      [
        'its own authorization server, without a check of the audience',
        { dangerouslySkipAudienceCheck: true },
        [],
        { authorizationServers: ['https://own.example.com'] },
        'tells whether a token is for this tenant or another; remove dangerouslySkipAudienceCheck',
      ],
      [
        'a server whose tokens have an issuer of ownIssuers',
        { tokenVerifier: [JwtTokenVerifier, rejectAll], ownIssuers: [TEMPLATE] },
        [],
        { authorizationServers: [{ issuer: 'https://own.example.com', tokenIssuer: at('acme') }] },
        `with ownIssuers, an authorization server of the tenant has the issuer "${at('acme')}"`,
      ],
    ])('that returns %s are answered 500', async (_, resource, servers, answer, message) => {
      jest.spyOn(Logger.prototype, 'error').mockImplementation(tested.write);
      find.mockReturnValue(answer);
      await start({ servers: servers as never, resource });
      expect([await raw(documentOf('acme')), await status('acme', 'a')]).toEqual([500, 500]);
      expect(tested.logged.join('\n')).toContain(message);
    });

    it.each<[string, () => unknown, number]>([
      [
        'throws AuthorizationServerUnavailableError',
        () => Promise.reject(new AuthorizationServerUnavailableError('later', 7)),
        7,
      ],
      ['does not answer in time', () => new Promise(() => undefined), 5],
    ])('that %s are answered 503', async (_, answer, retryAfter) => {
      jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
      await start({ module: { fetchTimeout: 30 } });
      find.mockImplementation(answer as FindTenant);
      const refused = [
        await fetch(tested.url + documentOf('acme')),
        await call('acme', await mint('acme')),
      ];
      for (const { status: code, headers } of refused) {
        expect([code, headers.get('retry-after')]).toEqual([503, String(retryAfter)]);
        expect(headers.has('www-authenticate')).toBe(false);
      }
    });

    it('are looked up once for concurrent requests, and again after ttl', async () => {
      await start({ module: { tenantCache: { ttl: 5 } } });
      const token = await mint('acme');
      const statuses = await Promise.all(Array.from({ length: 10 }, () => status('acme', token)));
      expect([new Set(statuses), find.mock.calls.length]).toEqual([new Set([200]), 1]);
      tested.elapsed = 6000;
      expect([await status('acme', token), find.mock.calls.length]).toEqual([200, 2]);
    });

    it('keep their cached tokens, as long as the function returns the same', async () => {
      const verifications = jest.spyOn(crypto.subtle, 'verify');
      await start({ servers: [issuers.template], module: { tokenCache: { ttl: 1000 } } });
      const token = await issuers.mint('acme', { audience: at('acme') });
      for (tested.elapsed = 0; tested.elapsed < 3 * TTL; tested.elapsed += TTL) {
        expect(await status('acme', token)).toBe(200);
      }
      expect([
        find.mock.calls.length,
        issuer.count('/jwks'),
        verifications.mock.calls.length,
      ]).toEqual([3, 1, 1]);
    });

    it('are gone with their tokens and their document when they are removed', async () => {
      await start({ module: { tokenCache: { ttl: 1000 } } });
      const token = await mint('acme');
      expect(await status('acme', token)).toBe(200);
      find.mockReturnValue(false);
      tested.elapsed = TTL - 1000;
      expect([await status('acme', token), await raw(documentOf('acme'))]).toEqual([200, 200]);
      tested.elapsed = TTL + 1000;
      expect([await status('acme', token), await raw(documentOf('acme'))]).toEqual([404, 404]);
    });

    it('trust only their current authorization servers, also for cached tokens', async () => {
      find.mockReturnValue({ authorizationServers: [issuers.of('acme')] });
      await start({ servers: [], module: { tokenCache: { ttl: 1000 } } });
      const token = await issuers.mint('acme', { audience: at('acme') });
      expect(await status('acme', token)).toBe(200);
      find.mockReturnValue({ authorizationServers: [issuers.of('beta')] });
      tested.elapsed = TTL + 1000;
      expect(await status('acme', token)).toBe(401);
      expect((await document('acme')).authorization_servers).toEqual([issuers.of('beta')]);
    });

    it('are cached up to tenantCache.max', async () => {
      await start({ servers: [issuers.template], module: { tenantCache: { max: 1 } } });
      const tokens = {
        acme: await issuers.mint('acme', { audience: at('acme') }),
        beta: await issuers.mint('beta', { audience: at('beta') }),
      };
      for (const tenant of ['acme', 'beta', 'acme'] as const) {
        expect(await status(tenant, tokens[tenant])).toBe(200);
      }
      expect([find.mock.calls, issuer.count('/acme/'), issuer.count('/beta/')]).toEqual([
        [['acme'], ['beta'], ['acme']],
        2,
        1,
      ]);
      expect(await status('beta', tokens.acme)).toBe(401);
    });

    it('stay cached in a flood of unknown names, whose look-ups are limited', async () => {
      jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
      await start({ module: { tenantCache: { max: 5, ttl: 5 } } });
      const token = await mint('acme');
      expect(await status('acme', token)).toBe(200);
      find.mockClear();
      for (let index = 0; index < STRANGERS; index++) {
        expect(await raw(index % 2 ? `/s${index}/mcp` : documentOf(`s${index}`))).toBe(404);
      }
      expect([await raw('/new/mcp'), await raw(documentOf('new'))]).toEqual([503, 503]);
      expect(find.mock.calls.length).toBe(STRANGERS);
      tested.elapsed = 6000;
      expect([await status('acme', token), await raw(documentOf('acme'))]).toEqual([200, 200]);
      tested.elapsed = 31_000;
      expect(await raw('/new/mcp')).toBe(404);
    });
  });
});
