import { describe, expect, it } from '@jest/globals';
import type { ProtectedResourceOptions } from 'nestjs-mcp-auth';
import { adapters } from '../support/app.js';
import { at, documentOf, TenantApp, WELL_KNOWN } from '../support/tenant-app.js';

describe.each(adapters)('tenants, on %s', (adapter) => {
  const tested = TenantApp.use(adapter);
  const { issuer, issuers, find, start, mint, call, status, document, raw } = tested;

  describe('have a metadata document each', () => {
    it.each<[string, () => Parameters<typeof start>[0], () => string[] | undefined]>([
      ['with the issuers of all tenants', () => ({}), () => [issuer.url]],
      [
        'with the tenant’s own issuer',
        () => ({ servers: ['https://all.example.com', issuers.template] }),
        () => ['https://all.example.com', issuers.of('acme')],
      ],
      [
        'with the issuers that the tenants function returns',
        () => ({
          servers: [issuer.url],
          resource: {
            tenants: (name) => Promise.resolve({ authorizationServers: [issuers.of(name)] }),
          },
        }),
        () => [issuer.url, issuers.of('acme')],
      ],
      [
        'with publishedIssuers',
        () => ({ servers: () => undefined, resource: { publishedIssuers: [issuers.template] } }),
        () => [issuers.of('acme')],
      ],
      [
        'without issuers with publishedIssuers: []',
        () => ({ servers: () => undefined, resource: { publishedIssuers: [] } }),
        () => undefined,
      ],
      [
        'with a list of tenants',
        () => ({ resource: { tenants: ['acme', 'beta'] } }),
        () => [issuer.url],
      ],
    ])('%s', async (_, given, published) => {
      await start(given());
      expect(await document('acme')).toEqual({
        status: 200,
        resource: at('acme'),
        authorization_servers: published(),
        bearer_methods_supported: ['header'],
      });
      expect((await document('beta')).resource).toBe(at('beta'));
    });

    it('with the caching and CORS headers of any resource', async () => {
      await start();
      const one = await fetch(tested.url + documentOf('acme'));
      expect(Object.fromEntries(one.headers)).toMatchObject({
        'access-control-allow-origin': '*',
        'cache-control': 'public, max-age=3600',
        'content-type': 'application/json; charset=utf-8',
      });
      const etag = one.headers.get('etag') ?? '';
      const again = await fetch(tested.url + documentOf('acme'), {
        headers: { 'if-none-match': etag },
      });
      expect(again.status).toBe(304);
      const other = await fetch(tested.url + documentOf('beta'), {
        headers: { 'if-none-match': etag },
      });
      expect(other.status).toBe(200);
      const head = await fetch(tested.url + documentOf('acme'), { method: 'HEAD' });
      expect([head.status, await head.text()]).toEqual([200, '']);
      const preflight = await fetch(tested.url + documentOf('acme'), { method: 'OPTIONS' });
      expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([
        204,
        'GET, HEAD, OPTIONS',
      ]);
      expect((await fetch(tested.url + documentOf('acme'), { method: 'POST' })).status).toBe(404);
    });
  });

  describe('that are unknown', () => {
    it.each<[string, Partial<ProtectedResourceOptions>]>([
      ['to a list', { tenants: ['acme'] }],
      ['to a function', { tenants: (name) => name === 'acme' }],
      [
        'to a function that returns undefined',
        { tenants: (name) => (name === 'acme' ? {} : undefined) },
      ],
      ['to an asynchronous function', { tenants: async (name) => name === 'acme' }],
    ])('%s have no document, and their requests are answered 404', async (_, resource) => {
      await start({ resource });
      expect(await document('acme')).toMatchObject({ status: 200 });
      expect(await document('gamma')).toEqual({
        status: 404,
        statusCode: 404,
        message: 'Not Found',
      });
      const { headers } = await fetch(tested.url + documentOf('gamma'));
      expect([headers.get('cache-control'), headers.get('access-control-allow-origin')]).toEqual([
        'no-store',
        '*',
      ]);
      const refused = await call('gamma', await mint('gamma'));
      expect([refused.status, refused.headers.has('www-authenticate')]).toEqual([404, false]);
      expect((await fetch(`${tested.url}/gamma/mcp`)).status).toBe(404);
      expect((await fetch(`${tested.url}/gamma/mcp/open`)).status).toBe(404);
      expect(tested.handled).toEqual([]);
      expect((await fetch(`${tested.url}/acme/mcp/open`)).status).toBe(200);
    });

    it('are not rejected at a public handler outside the tenant’s path', async () => {
      await start();
      expect((await fetch(`${tested.url}/gamma/mcp/public`)).status).toBe(200);
      expect(find).not.toHaveBeenCalled();
    });
  });

  describe('have one spelling in a path', () => {
    const names = [
      '%61cme',
      'acme%2f',
      'acme%2F..',
      '%2e%2e',
      '..',
      '.',
      '...',
      'acme%00',
      'acme;a',
      'acme:a',
      'acme%20',
      '%C3%A4',
      'acme@beta',
      '{tenant}',
      '%7Btenant%7D',
      ':tenant',
      '',
      'a'.repeat(101),
      '__proto__%20',
    ];
    const paths = [
      '//acme/mcp',
      '/acme//mcp',
      '/./acme/mcp',
      '/beta/../acme/mcp',
      '/acme/mcp/deep/../../../beta/mcp',
      '/acme/mcp/deep/%2e%2e/%2E./beta',
      '/acme/mcp/deep/.',
      '/acme/MCP',
      '/acme/mcp/more',
      '/acme/mc%70',
      '/acme\\mcp',
    ];

    it.each([...names.map((name) => `/${name}/mcp`), ...paths])(
      'so that %s is answered 400, 404 or 414',
      async (path) => {
        find.mockReturnValue(true);
        await start();
        const token = await mint('acme');
        const answer = await raw(path, token);
        expect([400, 404, 414]).toContain(answer);
        expect([400, 404, 414]).toContain(await raw(WELL_KNOWN + path));
        expect(find).not.toHaveBeenCalled();
        expect(tested.handled).toEqual([]);
      },
    );

    it('with case: a name that differs in case is another tenant', async () => {
      find.mockReturnValue(true);
      await start();
      const token = await mint('acme');
      expect([await status('acme', token), await status('ACME', token)]).toEqual([200, 401]);
      expect(await status('ACME', await mint('ACME'))).toBe(200);
      expect((await document('ACME')).resource).toBe(at('ACME'));
      expect(find.mock.calls).toEqual([['acme'], ['ACME']]);
    });

    it.each(['a', 'a'.repeat(100), 'a.b-c_d~e', '1', '-', 'a..b', 'constructor', '__proto__'])(
      'such as %s, which is accepted',
      async (name) => {
        find.mockReturnValue(true);
        await start();
        expect(await raw(`/${name}/mcp`, await mint(name))).toBe(200);
        expect(await raw(documentOf(name))).toBe(200);
        expect(find.mock.calls).toEqual([[name]]);
      },
    );

    it('even if a middleware rewrites the path', async () => {
      await start({
        setUp: (created) =>
          void created.use(
            (request: { url: string; originalUrl: string }, _: unknown, next: () => void) => {
              request.url = request.url.replace('beta', 'acme');
              next();
            },
          ),
      });
      const answer = await call('beta', await mint('beta'));
      expect(await answer.json()).toMatchObject({ resource: at('beta') });
      expect(await status('beta', await mint('acme'))).toBe(401);
    });
  });
});
