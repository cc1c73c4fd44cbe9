import { request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  All,
  Controller,
  Get,
  Header,
  Post,
  Logger,
  type INestApplication,
  type LoggerService,
} from '@nestjs/common';
import {
  AuthInfo,
  AuthorizationServerUnavailableError,
  McpEndpoint,
  OptionalAuth,
  ProtectedResourceRegistry,
  Public,
  RequireScopes,
  Resource,
  TokenRevocations,
  TokenVerifier,
  type FindTenant,
  type McpAuthModuleOptions,
  type ProtectedResourceOptions,
  type TenantOptions,
} from 'nestjs-mcp-auth';
import { adapters, bearer, startApp, stopApps, type AppOptions } from '../support/app.js';
import { DpopKey } from '../support/dpop/key.js';
import { CLIENT, IntrospectionEndpoint } from '../support/introspection.js';
import { Issuer } from '../support/issuer.js';
import { TenantIssuers } from '../support/tenant-issuers.js';

const TEMPLATE = 'https://api.example.com/{tenant}/mcp';
const PLAIN = 'https://api.example.com/plain';
const WELL_KNOWN = '/.well-known/oauth-protected-resource';
const TTL = 60_000;
const STRANGERS = 100;

const at = (tenant: string) => TEMPLATE.replace('{tenant}', tenant);
const documentOf = (tenant: string) => `${WELL_KNOWN}/${tenant}/mcp`;
const metadataUrl = (tenant: string) => `https://api.example.com${documentOf(tenant)}`;

let handled: string[];
let logged: string[];
let elapsed: number;

@Controller(':tenant/mcp')
@Resource(TEMPLATE)
class TenantController {
  @Get() get(@AuthInfo() { issuer, resource, resourceMetadataUrl, audience }: AuthInfo) {
    handled.push('get');
    return { issuer, resource: resource.href, resourceMetadataUrl, audience };
  }

  @Get('open') @OptionalAuth() open() {
    handled.push('open');
    return {};
  }

  @Get('public') @Public() all() {
    return {};
  }

  @Get('admin') @RequireScopes('admin') admin() {
    return {};
  }

  @Post() @McpEndpoint() @Header('Mcp-Session-Id', 'session-1') post() {
    handled.push('post');
    return { jsonrpc: '2.0', id: 1, result: {} };
  }

  @All('deep/*') rest() {
    handled.push('rest');
    return {};
  }
}

@Controller('plain')
@Resource(PLAIN)
class PlainController {
  @Get() get(@AuthInfo('resource') resource: URL) {
    return { resource: resource.href };
  }
}

@Controller('mounted')
@Resource(TEMPLATE)
class MountedController {
  @Get(':tenant/mcp') get(@AuthInfo('resource') resource: URL) {
    return { resource: resource.href };
  }
}

const write = (...line: unknown[]) => void logged.push(line.map(String).join(' '));
const logger: LoggerService = { log: write, warn: write, error: write, fatal: write };

beforeEach(() => {
  [handled, logged, elapsed] = [[], [], 0];
  const now = performance.now.bind(performance);
  jest.spyOn(performance, 'now').mockImplementation(() => now() + elapsed);
});

describe.each(adapters)('tenants, on %s', (adapter) => {
  let issuer: Issuer;
  let issuers: TenantIssuers;
  let find: jest.Mock<FindTenant>;
  let app: INestApplication;
  let url: string;

  beforeEach(async () => {
    issuers = await TenantIssuers.start(['acme', 'beta']);
    issuer = issuers.server;
    find = jest.fn<FindTenant>((name) => name === 'acme' || name === 'beta');
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await stopApps();
    await issuer.down();
  });

  const start = async ({
    servers = [issuer.url],
    resource = {},
    module = {},
    ...more
  }: {
    servers?: ProtectedResourceOptions['metadata']['authorizationServers'];
    resource?: Partial<ProtectedResourceOptions>;
    module?: Partial<McpAuthModuleOptions>;
  } & Partial<AppOptions> = {}) => {
    const tenants: FindTenant = (name) => find(name);
    const metadata = { resource: TEMPLATE, authorizationServers: servers };
    const plain = { resource: PLAIN, authorizationServers: [issuer.url] };
    const protectedResources = [{ metadata, tenants, ...resource }, { metadata: plain }];
    ({ app, url } = await startApp({
      adapter,
      options: { ...module, protectedResources },
      controllers: [TenantController, PlainController],
      nest: { logger },
      ...more,
    }));
  };

  const mint = (tenant: string, claims: Record<string, unknown> = {}) =>
    issuer.mint({ audience: at(tenant), claims });
  const call = (tenant: string, token: string) => fetch(`${url}/${tenant}/mcp`, bearer(token));
  const status = async (tenant: string, token: string) => (await call(tenant, token)).status;
  const document = async (tenant: string) => {
    const answer = await fetch(url + documentOf(tenant));
    const body = (await answer.json()) as Record<string, unknown>;
    return { status: answer.status, ...body } as Record<string, unknown>;
  };
  /** A request whose path nobody tidies up. */
  const raw = async (path: string, token = '') =>
    new Promise<number>((resolve, reject) => {
      const headers = token === '' ? {} : bearer(token).headers;
      const { port } = new URL(url);
      httpRequest({ host: 'localhost', port, path, headers }, (response) => {
        void text(response).then(() => resolve(response.statusCode ?? 0), reject);
      })
        .on('error', reject)
        .end();
    });

  describe('have a resource each', () => {
    it('that is the one of AuthInfo, and of the challenge', async () => {
      await start();
      const answer = await call('acme', await mint('acme'));
      expect([answer.status, await answer.json()]).toEqual([
        200,
        {
          issuer: issuer.url,
          resource: at('acme'),
          resourceMetadataUrl: metadataUrl('acme'),
          audience: at('acme'),
        },
      ]);
      for (const tenant of ['acme', 'beta']) {
        const { headers } = await fetch(`${url}/${tenant}/mcp`);
        expect(headers.get('www-authenticate')).toBe(
          `Bearer resource_metadata="${metadataUrl(tenant)}"`,
        );
        const denied = await fetch(`${url}/${tenant}/mcp/admin`, bearer(await mint(tenant)));
        expect(denied.headers.get('www-authenticate')).toContain(
          `resource_metadata="${metadataUrl(tenant)}", scope="admin"`,
        );
      }
    });

    it('beside a resource without tenants', async () => {
      await start();
      const token = await issuer.mint({ audience: [PLAIN, at('acme')] });
      const answers = await Promise.all([
        fetch(`${url}/plain`, bearer(token)),
        call('acme', token),
      ]);
      const bodies = (await Promise.all(answers.map((answer) => answer.json()))) as object[];
      expect(bodies).toEqual([
        { resource: PLAIN },
        expect.objectContaining({ resource: at('acme') }),
      ]);
      expect([
        await status('acme', await issuer.mint({ audience: PLAIN })),
        find.mock.calls,
      ]).toEqual([401, [['acme']]]);
    });

    it('below which other paths lie', async () => {
      await start();
      const token = await mint('acme');
      expect(await raw('/acme/mcp/deep/er?a=/beta/mcp', token)).toBe(200);
      expect(await raw('/acme/mcp/deep/er', await mint('beta'))).toBe(401);
      expect(await raw('/acme/mcp?beta', token)).toBe(200);
    });

    it('under a global prefix', async () => {
      const resource = 'https://api.example.com/api/{tenant}/mcp';
      @Controller(':tenant/mcp')
      @Resource(resource)
      class PrefixedController extends TenantController {}
      await start({
        resource: { metadata: { resource, authorizationServers: [issuer.url] } },
        controllers: [PrefixedController, PlainController],
        setUp: (created) => void created.setGlobalPrefix('api'),
      });
      const token = await issuer.mint({ audience: resource.replace('{tenant}', 'acme') });
      expect(await raw('/api/acme/mcp', token)).toBe(200);
      expect((await fetch(`${url}${WELL_KNOWN}/api/acme/mcp`)).status).toBe(200);
    });

    it('at another path than clients see, where tenantPath says so', async () => {
      await start({
        resource: { tenantPath: '/mounted/{tenant}/mcp' },
        controllers: [MountedController, PlainController],
      });
      expect(await raw('/mounted/acme/mcp', await mint('acme'))).toBe(200);
      expect(await raw('/mounted/acme/mcp', await mint('beta'))).toBe(401);
      expect((await document('acme')).resource).toBe(at('acme'));
    });

    it('and no other: where the path is not that of the resource, there is no tenant', async () => {
      await start({ controllers: [MountedController, PlainController] });
      expect(await raw('/mounted/acme/mcp', await mint('acme'))).toBe(404);
      expect(find).not.toHaveBeenCalled();
    });
  });

  describe('refuse a token of each other', () => {
    const cases: [
      string,
      () => Parameters<typeof start>[0],
      (tenant: string) => Promise<string>,
    ][] = [
      ['of one issuer', () => ({}), (tenant) => mint(tenant)],
      [
        'of an issuer each',
        () => ({ servers: [issuers.template] }),
        (tenant) => issuers.mint(tenant, { audience: at(tenant) }),
      ],
      [
        'of an issuer each, whose tokens are for both',
        () => ({ servers: [issuers.template] }),
        (tenant) => issuers.mint(tenant, { audience: [at('acme'), at('beta')] }),
      ],
      [
        'by an audience of its own',
        () => ({ resource: { audience: ['api://{tenant}', 'urn:{tenant}'] } }),
        (tenant) => issuer.mint({ audience: `urn:${tenant}` }),
      ],
      [
        'by the issuer, with one audience',
        () => ({ servers: [issuers.template], resource: { audience: 'api://notes' } }),
        (tenant) => issuers.mint(tenant, { audience: 'api://notes' }),
      ],
      [
        'by the issuer, with no audience',
        () => ({
          servers: [issuers.template],
          resource: { dangerouslySkipAudienceCheck: true },
        }),
        (tenant) => issuers.mint(tenant),
      ],
      [
        'by a resolver that is told the tenant',
        () => ({
          servers: (name, { tenant = '' }) => (name === issuers.of(tenant) ? name : undefined),
          resource: { publishedIssuers: [] },
        }),
        (tenant) => issuers.mint(tenant, { audience: [at('acme'), at('beta')] }),
      ],
      [
        'by what is answered of each',
        () => ({
          servers: [],
          resource: { tenants: (name) => ({ authorizationServers: [issuers.of(name)] }) },
        }),
        (tenant) => issuers.mint(tenant, { audience: [at('acme'), at('beta')] }),
      ],
    ];

    it.each(cases)('%s, known or not', async (_, given, make) => {
      await start(given());
      const [acme, beta, fresh] = [await make('acme'), await make('beta'), await make('acme')];
      expect([await status('acme', acme), await status('beta', beta)]).toEqual([200, 200]);
      for (let time = 0; time < 2; time++) {
        expect([await status('beta', acme), await status('acme', beta)]).toEqual([401, 401]);
        expect([await status('acme', acme), await status('beta', beta)]).toEqual([200, 200]);
      }
      expect([await status('beta', fresh), await status('acme', fresh)]).toEqual([401, 200]);
    });

    it('and the proof that was made for it', async () => {
      await start({ resource: { dpop: 'required' } });
      const key = await DpopKey.make();
      const token = await issuer.mint({
        audience: [at('acme'), at('beta')],
        claims: { cnf: { jkt: key.jkt } },
      });
      const send = async (tenant: string, uri: string) => {
        const dpop = await key.proof(token, { uri });
        return (
          await fetch(`${url}/${tenant}/mcp`, { headers: { authorization: `DPoP ${token}`, dpop } })
        ).status;
      };
      expect(await send('acme', at('acme'))).toBe(200);
      expect(await send('beta', at('acme'))).toBe(401);
      expect(await send('beta', at('beta'))).toBe(200);
    });

    it('also opaque ones, which only their own authorization servers are asked about', async () => {
      const others = await Issuer.start();
      const endpoints = {
        acme: new IntrospectionEndpoint(issuer),
        beta: new IntrospectionEndpoint(others),
      };
      find.mockImplementation((name) => ({
        authorizationServers: [
          { issuer: name === 'acme' ? issuer.url : others.url, introspection: CLIENT },
        ],
      }));
      await start({ servers: [] });
      const token = endpoints.acme.issue([at('acme'), at('beta')]);
      expect([await status('acme', token), await status('acme', token)]).toEqual([200, 200]);
      expect([endpoints.acme.count, endpoints.beta.count]).toEqual([1, 0]);
      expect(await status('beta', token)).toBe(401);
      expect([endpoints.acme.count, endpoints.beta.count]).toEqual([1, 1]);
      await others.down();
    });

    it('also by a tokenVerifier, which is told the resource', async () => {
      const tokenVerifier = jest.fn((token: string) => ({
        issuer: issuer.url,
        audience: at(token),
      }));
      await start({ resource: { tokenVerifier } });
      expect([await status('acme', 'acme'), await status('beta', 'acme')]).toEqual([200, 401]);
      expect(tokenVerifier.mock.calls).toEqual([
        ['acme', expect.objectContaining({ resource: at('acme') })],
        ['acme', expect.objectContaining({ resource: at('beta') })],
      ]);
    });

    it('and the session that was opened with it, also of the same subject', async () => {
      await start();
      const post = async (tenant: string) => {
        const token = await mint(tenant);
        const headers = {
          ...bearer(token).headers,
          'content-type': 'application/json',
          'mcp-session-id': 'session-1',
        };
        const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
        return (await fetch(`${url}/${tenant}/mcp`, { method: 'POST', headers, body })).status;
      };
      expect([await post('acme'), await post('beta'), await post('acme')]).toEqual([201, 404, 201]);
      expect(handled).toEqual(['post', 'post']);
    });

    it('and revoked ones', async () => {
      await start({ servers: [issuers.template] });
      const token = await issuers.mint('acme', { audience: at('acme'), claims: { jti: 'one' } });
      expect(await status('acme', token)).toBe(200);
      await app.get(TokenRevocations).revokeToken({ issuer: issuers.of('acme'), jti: 'one' });
      expect(await status('acme', token)).toBe(401);
    });
  });

  describe('have a metadata document each', () => {
    it.each<[string, () => Parameters<typeof start>[0], () => string[] | undefined]>([
      ['with the issuers of all', () => ({}), () => [issuer.url]],
      [
        'with its own issuer',
        () => ({ servers: ['https://all.example.com', issuers.template] }),
        () => ['https://all.example.com', issuers.of('acme')],
      ],
      [
        'with what is answered of it',
        () => ({
          servers: [issuer.url],
          resource: {
            tenants: (name) => Promise.resolve({ authorizationServers: [issuers.of(name)] }),
          },
        }),
        () => [issuer.url, issuers.of('acme')],
      ],
      [
        'with the issuers that are to be published',
        () => ({ servers: () => undefined, resource: { publishedIssuers: [issuers.template] } }),
        () => [issuers.of('acme')],
      ],
      [
        'without any, where that is said',
        () => ({ servers: () => undefined, resource: { publishedIssuers: [] } }),
        () => undefined,
      ],
      [
        'where they are in a list',
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

    it('that caches and pages of other origins can have, like that of any resource', async () => {
      await start();
      const one = await fetch(url + documentOf('acme'));
      expect(Object.fromEntries(one.headers)).toMatchObject({
        'access-control-allow-origin': '*',
        'cache-control': 'public, max-age=3600',
        'content-type': 'application/json; charset=utf-8',
      });
      const etag = one.headers.get('etag') ?? '';
      const again = await fetch(url + documentOf('acme'), { headers: { 'if-none-match': etag } });
      expect(again.status).toBe(304);
      const other = await fetch(url + documentOf('beta'), { headers: { 'if-none-match': etag } });
      expect(other.status).toBe(200);
      const head = await fetch(url + documentOf('acme'), { method: 'HEAD' });
      expect([head.status, await head.text()]).toEqual([200, '']);
      const preflight = await fetch(url + documentOf('acme'), { method: 'OPTIONS' });
      expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([
        204,
        'GET, HEAD, OPTIONS',
      ]);
      expect((await fetch(url + documentOf('acme'), { method: 'POST' })).status).toBe(404);
    });
  });

  describe('that are unknown', () => {
    it.each<[string, Partial<ProtectedResourceOptions>]>([
      ['to a list', { tenants: ['acme'] }],
      ['to a function', { tenants: (name) => name === 'acme' }],
      ['to a function, undefined', { tenants: (name) => (name === 'acme' ? {} : undefined) }],
      ['to a function that answers later', { tenants: async (name) => name === 'acme' }],
    ])('%s have no document, and their requests are not handled', async (_, resource) => {
      await start({ resource });
      expect(await document('acme')).toMatchObject({ status: 200 });
      expect(await document('gamma')).toEqual({
        status: 404,
        statusCode: 404,
        message: 'Not Found',
      });
      const { headers } = await fetch(url + documentOf('gamma'));
      expect([headers.get('cache-control'), headers.get('access-control-allow-origin')]).toEqual([
        'no-store',
        '*',
      ]);
      const refused = await call('gamma', await mint('gamma'));
      expect([refused.status, refused.headers.has('www-authenticate')]).toEqual([404, false]);
      expect((await fetch(`${url}/gamma/mcp`)).status).toBe(404);
      expect((await fetch(`${url}/gamma/mcp/open`)).status).toBe(404);
      expect(handled).toEqual([]);
      expect((await fetch(`${url}/acme/mcp/open`)).status).toBe(200);
    });

    it('are let in at what is public, which no tenant has to do with', async () => {
      await start();
      expect((await fetch(`${url}/gamma/mcp/public`)).status).toBe(200);
      expect(find).not.toHaveBeenCalled();
    });
  });

  describe('have one spelling', () => {
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

    it.each([...names.map((name) => `/${name}/mcp`), ...paths])('which %s is not', async (path) => {
      find.mockReturnValue(true);
      await start();
      const token = await mint('acme');
      const answer = await raw(path, token);
      expect([400, 404, 414]).toContain(answer);
      expect([400, 404, 414]).toContain(await raw(WELL_KNOWN + path));
      expect(find).not.toHaveBeenCalled();
      expect(handled).toEqual([]);
    });

    it('with case: one that differs is another', async () => {
      find.mockReturnValue(true);
      await start();
      const token = await mint('acme');
      expect([await status('acme', token), await status('ACME', token)]).toEqual([200, 401]);
      expect(await status('ACME', await mint('ACME'))).toBe(200);
      expect((await document('ACME')).resource).toBe(at('ACME'));
      expect(find.mock.calls).toEqual([['acme'], ['ACME']]);
    });

    it.each(['a', 'a'.repeat(100), 'a.b-c_d~e', '1', '-', 'a..b', 'constructor', '__proto__'])(
      'such as %s',
      async (name) => {
        find.mockReturnValue(true);
        await start();
        expect(await raw(`/${name}/mcp`, await mint(name))).toBe(200);
        expect(await raw(documentOf(name))).toBe(200);
        expect(find.mock.calls).toEqual([[name]]);
      },
    );

    it('whatever a middleware makes of the path', async () => {
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

  describe('as the application knows them', () => {
    const wrong: [string, () => unknown, string][] = [
      ['null', () => null, 'must be an object, and '],
      ['a text', () => 'yes', 'must be an object, and '],
      ['a misspelt option', () => ({ servers: [] }), '- servers is not an option'],
      [
        'an authorization server that is none',
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
        'name an issuer in authorizationServers twice, or one that metadata.authorizationServers names',
      ],
      ['an error', () => Promise.reject(new Error('no database')), 'threw: no database'],
    ];

    it.each(wrong)(
      'wrongly, %s, are a fault of the application: 500',
      async (_, answer, message) => {
        jest.spyOn(Logger.prototype, 'error').mockImplementation(write);
        await start();
        find.mockImplementation(answer as FindTenant);
        const token = await mint('acme');
        for (const request of [() => raw(documentOf('acme')), () => status('acme', token)]) {
          logged = [];
          expect(await request()).toBe(500);
          expect(logged.join('\n')).toContain(message);
          expect(logged.join('\n')).toContain(`"tenants" of ${TEMPLATE}`);
        }
        find.mockReturnValue(true);
        expect([await raw(documentOf('acme')), await status('acme', token)]).toEqual([200, 200]);
      },
    );

    it.each<[string, Partial<ProtectedResourceOptions>, unknown[], TenantOptions, string]>([
      ['no authorization server at all', {}, [], {}, 'there is none to publish'],
      [
        'one of its own, with an audience for all',
        { audience: 'api://notes' },
        [],
        { authorizationServers: ['https://own.example.com'] },
        'put "{tenant}" into every audience',
      ],
    ])('with %s are a fault, too', async (_, resource, servers, answer, message) => {
      jest.spyOn(Logger.prototype, 'error').mockImplementation(write);
      find.mockReturnValue(answer);
      await start({ servers: servers as never, resource });
      expect([await raw(documentOf('acme')), await status('acme', 'a')]).toEqual([500, 500]);
      expect(logged.join('\n')).toContain(message);
    });

    it.each<[string, () => unknown, number]>([
      ['says so', () => Promise.reject(new AuthorizationServerUnavailableError('later', 7)), 7],
      ['does not answer in time', () => new Promise(() => undefined), 5],
    ])('not now, where it %s, are 503', async (_, answer, retryAfter) => {
      jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
      await start({ module: { fetchTimeout: 30 } });
      find.mockImplementation(answer as FindTenant);
      const refused = [
        await fetch(url + documentOf('acme')),
        await call('acme', await mint('acme')),
      ];
      for (const { status: code, headers } of refused) {
        expect([code, headers.get('retry-after')]).toEqual([503, String(retryAfter)]);
        expect(headers.has('www-authenticate')).toBe(false);
      }
    });

    it('are asked about once for however many requests, and again when their time is over', async () => {
      await start({ module: { tenantCache: { ttl: 5 } } });
      const token = await mint('acme');
      const statuses = await Promise.all(Array.from({ length: 10 }, () => status('acme', token)));
      expect([new Set(statuses), find.mock.calls.length]).toEqual([new Set([200]), 1]);
      elapsed = 6000;
      expect([await status('acme', token), find.mock.calls.length]).toEqual([200, 2]);
    });

    it('keep what is known of their tokens, as long as the answer is the same', async () => {
      const verifications = jest.spyOn(crypto.subtle, 'verify');
      await start({ servers: [issuers.template], module: { tokenCache: { ttl: 1000 } } });
      const token = await issuers.mint('acme', { audience: at('acme') });
      for (elapsed = 0; elapsed < 3 * TTL; elapsed += TTL) {
        expect(await status('acme', token)).toBe(200);
      }
      expect([
        find.mock.calls.length,
        issuer.count('/jwks'),
        verifications.mock.calls.length,
      ]).toEqual([3, 1, 1]);
    });

    it('are gone when they are removed, with their tokens and their document', async () => {
      await start({ module: { tokenCache: { ttl: 1000 } } });
      const token = await mint('acme');
      expect(await status('acme', token)).toBe(200);
      find.mockReturnValue(false);
      elapsed = TTL - 1000;
      expect([await status('acme', token), await raw(documentOf('acme'))]).toEqual([200, 200]);
      elapsed = TTL + 1000;
      expect([await status('acme', token), await raw(documentOf('acme'))]).toEqual([404, 404]);
    });

    it('trust only whom they trust now, also for tokens that are known', async () => {
      find.mockReturnValue({ authorizationServers: [issuers.of('acme')] });
      await start({ servers: [], module: { tokenCache: { ttl: 1000 } } });
      const token = await issuers.mint('acme', { audience: at('acme') });
      expect(await status('acme', token)).toBe(200);
      find.mockReturnValue({ authorizationServers: [issuers.of('beta')] });
      elapsed = TTL + 1000;
      expect(await status('acme', token)).toBe(401);
      expect((await document('acme')).authorization_servers).toEqual([issuers.of('beta')]);
    });

    it('are kept in the number that the options say', async () => {
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

    it('stay known in a flood of strangers, who are asked about a limited number of times', async () => {
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
      elapsed = 6000;
      expect([await status('acme', token), await raw(documentOf('acme'))]).toEqual([200, 200]);
      elapsed = 31_000;
      expect(await raw('/new/mcp')).toBe(404);
    });
  });

  describe('for tokens that arrive by another way', () => {
    it('are had by name; the template accepts none', async () => {
      await start();
      const verifier = app.get(TokenVerifier);
      const template = app.get(ProtectedResourceRegistry).get(TEMPLATE);
      const [acme, token] = [await template?.tenants?.get('acme'), await mint('acme')];
      if (template === undefined || acme === undefined) {
        throw new Error('There is no such resource.');
      }
      expect(await verifier.verify(token, acme)).toMatchObject({ subject: 'alice' });
      await expect((async () => verifier.verify(token, template))()).rejects.toThrow(
        `${TEMPLATE} only stands for the resources of its tenants`,
      );
      expect(await template.tenants?.get('%61cme')).toBeUndefined();
    });
  });
});
