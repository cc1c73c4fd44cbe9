import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  Controller,
  Get,
  Inject,
  Injectable,
  Logger,
  type INestApplication,
  type LoggerService,
} from '@nestjs/common';
import {
  AuthInfo,
  AuthorizationServerResolver,
  AuthorizationServerUnavailableError,
  InvalidTokenError,
  Resource,
  type AuthorizationServerOptions,
  type McpAuthModuleOptions,
  type ProtectedResourceOptions,
  type ResolutionContext,
  type ResolveAuthorizationServer,
} from 'nestjs-mcp-auth';
import { TokenCache } from '../../lib/verification/token-cache.js';
import { adapters, bearer, RESOURCE, startApp, type AppOptions } from '../support/app.js';
import { CLIENT, IntrospectionEndpoint } from '../support/introspection.js';
import { Issuer } from '../support/issuer.js';
import { useIssuer } from '../support/serve.js';

const LISTED = 'https://listed.example.com';
const DOCUMENT = '/.well-known/oauth-protected-resource/notes';
/** The number of unknown issuers that are looked up in 30 seconds. */
const STRANGERS = 100;
const TTL = 60_000;

@Controller('notes')
class NotesController {
  @Get() get(@AuthInfo() { issuer, subject, scopes }: AuthInfo) {
    return { issuer, subject, scopes };
  }
}

@Resource(RESOURCE)
class OneController extends NotesController {}

@Controller('tasks')
@Resource('https://api.example.com/tasks')
class OtherController extends NotesController {}

/** The function behind all resolvers. By default it knows only the issuer that runs. */
let resolve: jest.Mock<ResolveAuthorizationServer>;
const issuer = useIssuer({ per: 'test' });
let elapsed: number;
let logged: string[];

@Injectable()
class Tenants {
  find(name: string, context: ResolutionContext) {
    return resolve(name, context);
  }
}

@Injectable()
class Resolver extends AuthorizationServerResolver {
  constructor(@Inject(Tenants) private readonly tenants: Tenants) {
    super();
  }

  override resolve(name: string, context: ResolutionContext) {
    return this.tenants.find(name, context);
  }
}

class LoneResolver extends AuthorizationServerResolver {
  override resolve(name: string, context: ResolutionContext) {
    return resolve(name, context);
  }
}

const write = (...line: unknown[]) => void logged.push(line.map(String).join(' '));
const logger: LoggerService = { log: write, warn: write, error: write, fatal: write };

beforeEach(() => {
  elapsed = 0;
  logged = [];
  const now = performance.now.bind(performance);
  jest.spyOn(performance, 'now').mockImplementation(() => now() + elapsed);
  resolve = jest.fn<ResolveAuthorizationServer>((name) =>
    name === issuer.url ? { issuer: name, type: 'oidc' } : undefined,
  );
});

afterEach(() => {
  jest.restoreAllMocks();
});

describe.each(adapters)('issuers from a resolver, on %s', (adapter) => {
  let app: INestApplication;
  let url: string;

  const start = async ({
    servers = [LISTED, (...asked) => resolve(...asked)],
    resource = {},
    module = {},
    ...more
  }: {
    servers?: ProtectedResourceOptions['metadata']['authorizationServers'];
    resource?: Partial<ProtectedResourceOptions>;
    module?: Partial<McpAuthModuleOptions>;
  } & Partial<AppOptions> = {}) => {
    const metadata = { resource: RESOURCE, authorizationServers: servers };
    const options = { ...module, protectedResources: { metadata, ...resource } };
    const controllers = [NotesController];
    ({ app, url } = await startApp({ adapter, options, controllers, nest: { logger }, ...more }));
  };

  const mint = (claims: Record<string, unknown> = {}) =>
    issuer.mint({ audience: RESOURCE, claims });
  const call = async (token: string) => fetch(`${url}/notes`, bearer(token));
  const status = async (token: string) => (await call(token)).status;
  const asked = () => resolve.mock.calls.length;

  it.each<[string, Parameters<typeof start>[0]]>([
    ['a function', {}],
    [
      'an asynchronous function',
      { servers: [LISTED, (...given) => Promise.resolve(resolve(...given))] },
    ],
    ['a class that is a provider', { servers: [LISTED, Resolver], providers: [Resolver, Tenants] }],
    ['a class that is not a provider', { servers: [LISTED, LoneResolver] }],
    [
      'a function without listed issuers',
      { servers: (...given) => resolve(...given), resource: { publishedIssuers: [] } },
    ],
  ])('are trusted if %s accepts them, and no other issuers are trusted', async (_, given) => {
    await start(given);
    const answer = await call(await mint());
    expect([answer.status, await answer.json()]).toEqual([
      200,
      expect.objectContaining({ issuer: issuer.url, subject: 'alice' }),
    ]);
    expect(resolve.mock.calls).toEqual([[issuer.url, { tenant: undefined }]]);

    const other = await Issuer.start();
    const refused = await call(await other.mint({ audience: RESOURCE }));
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toContain(
      'error_description="The access token was issued by an authorization server that is not trusted."',
    );
    expect(other.requests).toEqual([]);
    await other.down();
  });

  it.each<[string, () => AuthorizationServerOptions]>([
    ['an issuer string', () => issuer.url],
    [
      'metadata by hand',
      () => ({ metadata: { issuer: issuer.url, jwksUri: `${issuer.url}/jwks` } }),
    ],
    [
      'an issuer with its own claims option',
      () => ({ issuer: issuer.url, claims: { scopes: 'permissions' } }),
    ],
  ])('can be returned as %s', async (form, answer) => {
    resolve.mockImplementation(answer);
    await start({ resource: { claims: { subject: 'oid' } } });
    const answered = await call(await mint({ oid: 'bob', permissions: ['read'] }));
    expect(await answered.json()).toEqual({
      issuer: issuer.url,
      subject: 'bob',
      scopes: form === 'an issuer with its own claims option' ? ['read'] : [],
    });
  });

  it('get the same checks as listed issuers: signature, audience, expiry', async () => {
    await start();
    const other = await Issuer.start();
    const tokens = [
      await issuer.mint({ audience: RESOURCE, key: other.privateKey }),
      await issuer.mint({ audience: 'https://api.example.com/tasks' }),
      await mint({ exp: Math.floor(Date.now() / 1000) - 60 }),
    ];
    expect(await Promise.all(tokens.map(status))).toEqual([401, 401, 401]);
    await other.down();
  });

  describe('do not call the resolver', () => {
    it.each<[string, () => Promise<string>]>([
      ['a token of a listed issuer', () => mint({ iss: LISTED })],
      ['an opaque token', () => Promise.resolve('opaque')],
      ['a token without iss', () => mint({ iss: undefined })],
      ['an iss that is not a URL', () => mint({ iss: 'tenant-1' })],
      ['an iss that is not a string', () => mint({ iss: [issuer.url] })],
      ['an http: iss beyond loopback', () => mint({ iss: 'http://auth.example.com' })],
      ['an iss with a query', () => mint({ iss: `${issuer.url}?a` })],
      ['an iss with a fragment', () => mint({ iss: `${issuer.url}#a` })],
      ['an iss with a password', () => mint({ iss: 'https://a:b@auth.example.com' })],
      [
        'an iss of more than 1000 characters',
        () => mint({ iss: `${issuer.url}/${'a'.repeat(1000)}` }),
      ],
    ])('for %s', async (_, token) => {
      await start({ servers: [{ issuer: LISTED }, (...given) => resolve(...given)] });
      expect([401, 503]).toContain(await status(await token()));
      expect(asked()).toBe(0);
    });
  });

  describe('answer 500 if the resolver returns something invalid:', () => {
    const wrong: [string, () => unknown, string][] = [
      ['null', () => null, 'must be an object, '],
      ['a number', () => 42, 'must be an object, '],
      ['true', () => true, 'must be an object, '],
      ['a function', () => () => issuer.url, '- resolver is not an option'],
      ['a list', () => [issuer.url], 'must be an object, '],
      ['nothing but a type', () => ({ type: 'oidc' }), '- issuer must be an absolute URL'],
      [
        'a misspelt option',
        () => ({ issuer: issuer.url, typ: 'oidc' }),
        '- typ is not an option; did you mean "type"?',
      ],
      ['another issuer', () => LISTED, 'have another issuer than the resolver was asked about'],
      [
        'a promise of another issuer',
        () => Promise.resolve({ issuer: `${issuer.url}/` }),
        'have another issuer than the resolver was asked about',
      ],
      ['an error', () => Promise.reject(new Error('no database')), 'threw: no database'],
      [
        'an error that is thrown synchronously',
        () => {
          throw new Error('no database');
        },
        'threw: no database',
      ],
      [
        'a string that is thrown',
        () => {
          // eslint-disable-next-line @typescript-eslint/only-throw-error
          throw 'no database';
        },
        "threw: 'no database'",
      ],
      [
        'an error about the token',
        () => Promise.reject(new InvalidTokenError('expired')),
        'threw: The access token expired.',
      ],
    ];

    it.each(wrong)('%s', async (_, answer, message) => {
      await start();
      resolve.mockImplementationOnce(answer as ResolveAuthorizationServer);
      const token = await mint();
      const refused = await call(token);
      expect([refused.status, await refused.text()]).toEqual([
        500,
        expect.not.stringContaining(issuer.url),
      ]);
      const text = logged.join('\n');
      expect(text).toContain(message);
      expect(text).toContain(`resolver in metadata.authorizationServers of ${RESOURCE}`);
      expect(text).not.toContain(issuer.url);
      expect(issuer.requests).toEqual([]);
      // The resolver is called again, because a fault is not cached.
      expect(await status(token)).toBe(200);
    });
  });

  describe('answer 503 if the resolver is unavailable:', () => {
    beforeEach(() => void jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined));

    it('it throws AuthorizationServerUnavailableError, whose time becomes Retry-After', async () => {
      await start();
      resolve.mockRejectedValueOnce(new AuthorizationServerUnavailableError('later', 7));
      const token = await mint();
      const answer = await call(token);
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '7']);
      expect(answer.headers.has('www-authenticate')).toBe(false);
      expect(await status(token)).toBe(200);
    });

    it('it does not answer within fetchTimeout', async () => {
      await start({ module: { fetchTimeout: 30 } });
      resolve.mockReturnValueOnce(new Promise(() => undefined));
      expect(await status(await mint())).toBe(503);
    });
  });

  describe('are cached:', () => {
    it('the resolver is called once for concurrent requests', async () => {
      await start();
      const tokens = await Promise.all(Array.from({ length: 20 }, () => mint()));
      expect(new Set(await Promise.all(tokens.map(status)))).toEqual(new Set([200]));
      expect([asked(), issuer.requests.length]).toEqual([1, 2]);
    });

    it.each([
      ['a minute by default', {}, TTL],
      ['as long as the options say', { tenantCache: { ttl: 5 } }, 5000],
    ])('for %s, after which a new issuer is trusted', async (_, module, ttl) => {
      await start({ module });
      resolve.mockReturnValue(undefined);
      expect(await status(await mint())).toBe(401);
      resolve.mockReturnValue(issuer.url);
      elapsed = ttl - 1000;
      expect([await status(await mint()), asked()]).toEqual([401, 1]);
      elapsed = ttl + 1000;
      expect([await status(await mint()), asked()]).toEqual([200, 2]);
    });

    it('no longer than ttl: tokens of a removed issuer are rejected then, even cached tokens', async () => {
      await start({ module: { tokenCache: { ttl: 1000 } } });
      const token = await mint();
      expect(await status(token)).toBe(200);
      resolve.mockReturnValue(undefined);
      elapsed = TTL - 1000;
      expect(await status(token)).toBe(200);
      elapsed = TTL + 1000;
      expect([await status(token), await status(await mint())]).toEqual([401, 401]);
    });

    it('together with their documents, as long as the resolver returns the same', async () => {
      await start();
      const token = await mint();
      for (elapsed = 0; elapsed < 4 * TTL; elapsed += TTL) {
        expect(await status(token)).toBe(200);
      }
      expect([asked(), issuer.requests.length]).toEqual([4, 2]);
    });

    it('with new settings once the resolver returns something else', async () => {
      await start({ resource: { claims: { scopes: 'scp' } } });
      const token = await mint({ scp: 'read', permissions: ['write'] });
      expect(await (await call(token)).json()).toMatchObject({ scopes: ['read'] });
      resolve.mockReturnValue({ issuer: issuer.url, claims: { scopes: 'permissions' } });
      elapsed = TTL + 1000;
      expect(await (await call(token)).json()).toMatchObject({ scopes: ['write'] });
    });

    it('up to tenantCache.max: other issuers are evicted together with their documents', async () => {
      await start({ module: { tenantCache: { max: 1 } } });
      const other = await Issuer.start();
      resolve.mockImplementation((name) => name);
      for (const one of [issuer, other, issuer]) {
        expect(await status(await one.mint({ audience: RESOURCE }))).toBe(200);
      }
      expect([asked(), issuer.count('/jwks'), other.count('/jwks')]).toEqual([3, 2, 1]);
      await other.down();
    });
  });

  describe('in a flood of unknown issuers', () => {
    const stranger = (index: number) => mint({ iss: `${issuer.url}/stranger-${index}` });
    const flood = async (from: number, many: number) => {
      const statuses: number[] = [];
      for (let index = from; index < from + many; index++) {
        statuses.push(await status(await stranger(index)));
      }
      return statuses;
    };

    beforeEach(() => void jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined));

    it('limit the calls of the resolver, and requests beyond the limit are answered 503', async () => {
      await start();
      expect(new Set(await flood(0, STRANGERS))).toEqual(new Set([401]));
      expect(await flood(0, 1)).toEqual([401]);
      expect(new Set(await flood(STRANGERS, 20))).toEqual(new Set([503]));
      expect(asked()).toBe(STRANGERS);
      const refused = await call(await stranger(STRANGERS));
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(30);
      elapsed = 31_000;
      expect(await flood(STRANGERS, 2)).toEqual([401, 401]);
    });

    it('count calls in progress towards the limit', async () => {
      await start();
      let answer: () => void = () => undefined;
      const gate = new Promise<void>((open) => (answer = open));
      resolve.mockImplementation(() => gate.then(() => undefined));
      const waiting = Array.from({ length: STRANGERS }, async (_, index) =>
        status(await stranger(index)),
      );
      while (asked() < STRANGERS) {
        await new Promise(setImmediate);
      }
      expect(await status(await stranger(STRANGERS))).toBe(503);
      answer();
      expect(new Set(await Promise.all(waiting))).toEqual(new Set([401]));
    });

    it('stay trusted if cached, and are renewed', async () => {
      await start({ module: { tenantCache: { max: 10, ttl: 5 } } });
      expect(await status(await mint())).toBe(200);
      await flood(0, STRANGERS + 1);
      elapsed = 6000;
      expect(await flood(STRANGERS + 1, 1)).toEqual([503]);
      resolve.mockClear();
      expect([await status(await mint()), asked()]).toEqual([200, 1]);
    });

    it('do not count towards the limit if the resolver accepts them', async () => {
      await start({ module: { tenantCache: { max: 1 } } });
      resolve.mockImplementation((name) => ({
        metadata: { issuer: name, jwksUri: `${issuer.url}/jwks` },
      }));
      expect(new Set(await flood(0, STRANGERS + 10))).toEqual(new Set([200]));
    });
  });

  describe('together with other features', () => {
    it('leave opaque tokens to the listed servers that introspect', async () => {
      const endpoint = new IntrospectionEndpoint(issuer);
      const listed = { issuer: issuer.url, introspection: CLIENT };
      await start({ servers: [listed, (...given) => resolve(...given)] });
      expect(await status(endpoint.issue(RESOURCE))).toBe(200);
      expect(asked()).toBe(0);
    });

    it('have JWTs introspected by a server that publishes no keys', async () => {
      const endpoint = new IntrospectionEndpoint(issuer);
      issuer.metadata = { ...issuer.metadata, jwks_uri: undefined };
      resolve.mockReturnValue({ issuer: issuer.url, introspection: CLIENT });
      await start();
      const token = endpoint.issue(RESOURCE, {}, await mint());
      expect([await status(token), await status(token), endpoint.count]).toEqual([200, 200, 1]);
      const { entries } = app.get<{ entries: Map<{ key: string }, unknown> }>(TokenCache);
      const keys = [...entries.keys()].map(({ key }) => key);
      expect(keys).toHaveLength(1);
      expect(keys.filter((key) => key.includes(token))).toEqual([]);
    });

    it('are shared by two resources, each with its own audience', async () => {
      const shared: ResolveAuthorizationServer = (...given) => resolve(...given);
      const at = (name: string) => `https://api.example.com/${name}`;
      const protectedResources = ['notes', 'tasks'].map((name) => ({
        metadata: { resource: at(name), authorizationServers: shared },
        publishedIssuers: [],
      }));
      ({ url } = await startApp({
        adapter,
        options: { protectedResources },
        controllers: [OneController, OtherController],
      }));
      const [notes, tasks] = await Promise.all(
        ['notes', 'tasks'].map((name) => issuer.mint({ audience: at(name) })),
      );
      const get = async (path: string, token = '') =>
        (await fetch(`${url}/${path}`, bearer(token))).status;
      expect([await get('notes', notes), await get('tasks', tasks)]).toEqual([200, 200]);
      expect([await get('notes', tasks), await get('tasks', notes)]).toEqual([401, 401]);
      expect(asked()).toBe(1);
    });

    it('are resolved for the issuer that a tokenVerifier returns', async () => {
      const tokenVerifier = () => ({ issuer: issuer.url, audience: RESOURCE });
      await start({ resource: { tokenVerifier } });
      expect(await status('opaque')).toBe(200);
      resolve.mockReturnValue(undefined);
      elapsed = TTL + 1000;
      expect(await status('opaque')).toBe(401);
    });
  });

  describe('publish in the metadata', () => {
    it.each<[string, Parameters<typeof start>[0], unknown]>([
      ['listed issuers', {}, [LISTED]],
      [
        'issuers of publishedIssuers',
        { servers: (...given) => resolve(...given), resource: { publishedIssuers: [LISTED] } },
        [LISTED],
      ],
      [
        'no issuers with publishedIssuers: []',
        { servers: (...given) => resolve(...given), resource: { publishedIssuers: [] } },
        undefined,
      ],
    ])('%s', async (_, given, published) => {
      await start(given);
      const document = (await (await fetch(url + DOCUMENT)).json()) as Record<string, unknown>;
      expect(document.authorization_servers).toEqual(published);
      expect(document.resource).toBe(RESOURCE);
    });
  });
});
