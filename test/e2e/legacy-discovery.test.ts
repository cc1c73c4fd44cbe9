import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  discoverAuthorizationServerMetadata,
  IssuerMismatchError,
} from '@modelcontextprotocol/client';
// This function is deprecated, but old clients call it.
import { discoverOAuthMetadata } from '@modelcontextprotocol/sdk/client/auth.js';
import { NestFactory } from '@nestjs/core';
import {
  All,
  Controller,
  Get,
  Logger,
  VersioningType,
  type INestApplication,
} from '@nestjs/common';
import {
  AuthorizationServerMetadataService,
  McpAuthModule,
  Public,
  type AuthorizationServerOptions,
  type McpAuthModuleOptions,
  type ProtectedResourceOptions,
} from 'nestjs-mcp-auth';
import {
  adapters,
  bearer,
  RESOURCE,
  startApp,
  startFailure,
  stopApps,
  type AppOptions,
} from '../support/app.js';
import { Issuer } from '../support/issuer.js';
import { expectOneMistake, failureOf, ISSUER, options } from '../support/option-mistakes.js';
import { useIssuer } from '../support/serve.js';

const PATH = '/.well-known/oauth-authorization-server';
const OIDC = '/.well-known/openid-configuration';

@Controller('notes')
class NotesController {
  @Get() get() {
    return {};
  }
}

@Controller()
class CatchAllController {
  @All('/*') all() {
    return { caught: true };
  }
}

@Controller()
@Public()
class OwnController {
  @Get('.well-known/oauth-authorization-server') own() {
    return { own: true };
  }
}

@Controller()
@Public()
class TenantController {
  @Get('.well-known/oauth-authorization-server/tenant') own() {
    return { own: true };
  }
}

const issuer = useIssuer({ per: 'test' });

/** Returns the text of a document that would change if a JSON library parsed it and wrote it again. */
const textOf = (one: Issuer, more = '') =>
  `{\n  "issuer" : "${one.url}",\t"jwks_uri":"${one.url}\\/jwks", "token_endpoint": "${one.url}/token",
  "n": 1.0e2, "big": 12345678901234567890, "name": "Zo\u00eb \\u00e9 \ud83d\ude00", "a": 1, "a": 2${more} }\r\n`;

describe.each(adapters)('legacyDiscovery, on %s', (adapter) => {
  let url: string;
  let elapsed = 0;

  beforeEach(() => {
    elapsed = 0;
    // The clock stands still, so that no pause ends only because the machine is slow.
    const started = performance.now();
    jest.spyOn(performance, 'now').mockImplementation(() => started + elapsed);
    jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  const publish = (text: string, headers: Record<string, string> = {}) => {
    issuer.answer(OIDC, (_, response) => response.writeHead(200, headers).end(text));
  };

  const start = async (
    {
      server = {},
      resource = {},
      module = {},
    }: {
      server?: Partial<AuthorizationServerOptions & object>;
      resource?: Partial<ProtectedResourceOptions>;
      module?: Partial<McpAuthModuleOptions>;
    } = {},
    more: Partial<AppOptions> = {},
  ) => {
    const authorizationServers = [{ issuer: issuer.url, ...server } as AuthorizationServerOptions];
    const protectedResources = {
      metadata: { resource: RESOURCE, authorizationServers },
      legacyDiscovery: true,
      ...resource,
    };
    ({ url } = await startApp({
      adapter,
      options: { protectedResources, ...module },
      controllers: [NotesController],
      ...more,
    }));
  };
  const get = (init: RequestInit = {}, path = PATH) => fetch(url + path, init);
  const status = async () => (await get()).status;

  it('publishes the document of the authorization server, byte for byte', async () => {
    const text = textOf(issuer);
    publish(text);
    await start();
    const answer = await get();
    expect(answer.status).toBe(200);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(Buffer.from(text));
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'access-control-allow-origin': '*',
      'cache-control': 'public, max-age=600',
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(Buffer.byteLength(text)),
      etag: expect.stringMatching(/^"[\w-]{27}"$/),
    });
  });

  it('is found by a client that looks only there, which is then sent to the real server', async () => {
    await start({
      resource: { metadata: { resource: RESOURCE, authorizationServers: [issuer.url] } },
    });
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    const metadata = await discoverOAuthMetadata(`${url}/notes`);
    expect(metadata).toMatchObject({ issuer: issuer.url, token_endpoint: `${issuer.url}/token` });
  });

  it('is rejected by a client that compares the issuer, as the standard demands', async () => {
    await start();
    await expect(discoverAuthorizationServerMetadata(url)).rejects.toThrow(IssuerMismatchError);
  });

  it('does not move with a prefix, versioning or a catch-all route', async () => {
    await start(
      {},
      {
        controllers: [NotesController, CatchAllController],
        setUp: (created) =>
          created
            .setGlobalPrefix('api')
            .enableVersioning({ type: VersioningType.URI, defaultVersion: '1' })
            .enableCors({ origin: 'https://app.example.com', credentials: true }),
      },
    );
    const answer = await get({ headers: { origin: 'https://other.example.com' } });
    expect(await answer.json()).toMatchObject({ issuer: issuer.url });
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.has('access-control-allow-credentials')).toBe(false);
  });

  it('answers HEAD, a matching If-None-Match and OPTIONS as the other documents do', async () => {
    await start();
    const full = await get();
    const head = await get({ method: 'HEAD' });
    const etag = full.headers.get('etag') ?? '';
    expect([head.status, head.headers.get('etag'), await head.text()]).toEqual([200, etag, '']);
    const same = await get({ headers: { 'if-none-match': `W/${etag}` } });
    expect([same.status, await same.text()]).toEqual([304, '']);
    const preflight = await get({ method: 'OPTIONS' });
    expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([
      204,
      'GET, HEAD, OPTIONS',
    ]);
    expect((await get({ method: 'POST' })).status).toBe(404);
  });

  it.each([`${PATH}/notes`, `${PATH}/notes/`, OIDC, `${OIDC}/notes`, `/notes${PATH}`])(
    'leaves %s to the application',
    async (path) => {
      await start();
      expect((await get({}, path)).status).toBe(404);
    },
  );

  it('publishes nothing unless it is turned on', async () => {
    await start({ resource: { legacyDiscovery: false } });
    expect([await status(), issuer.requests]).toEqual([404, []]);
  });

  it('publishes the document as it was fetched, whatever transformMetadata returns', async () => {
    const text = textOf(issuer, ', "jwks_uri": "https://elsewhere.example.com"');
    publish(text);
    await start({
      server: {
        transformMetadata: (document) => ({ ...document, jwks_uri: `${issuer.url}/jwks` }),
      },
    });
    expect(await (await get()).text()).toBe(text);
    const token = await issuer.mint({ audience: RESOURCE });
    expect((await fetch(`${url}/notes`, bearer(token))).status).toBe(200);
  });

  it('publishes the issuer of the document, even if tokens have another issuer', async () => {
    await start({ server: { tokenIssuer: 'urn:sts' } });
    expect(await (await get()).json()).toMatchObject({ issuer: issuer.url });
  });

  it('is fetched once for many requests and tokens, and at start-up if discovery is eager', async () => {
    await start({ module: { discovery: 'eager' } });
    expect(issuer.count(OIDC)).toBe(1);
    const token = await issuer.mint({ audience: RESOURCE });
    const answers = await Promise.all([
      ...Array.from({ length: 20 }, () => get()),
      fetch(`${url}/notes`, bearer(token)),
    ]);
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
    expect(issuer.count(OIDC)).toBe(1);
  });

  it('is fetched once for the first requests, which wait for it', async () => {
    await start();
    const answers = await Promise.all(Array.from({ length: 20 }, () => get()));
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
    expect(issuer.count(OIDC)).toBe(1);
  });

  it('is published even if the application requests the metadata before it listens', async () => {
    await start(
      {},
      {
        setUp: (created) =>
          void created
            .get(AuthorizationServerMetadataService)
            .get(issuer.url)
            .catch(() => undefined),
      },
    );
    expect(await (await get()).json()).toMatchObject({ issuer: issuer.url });
  });

  it('follows the document of the authorization server when its lifetime is over', async () => {
    publish(textOf(issuer), { 'cache-control': 'max-age=60' });
    await start();
    const first = await get();
    const changed = textOf(issuer, ', "changed": true');
    publish(changed, { 'cache-control': 'max-age=60' });
    elapsed = 61_000;
    const second = await get();
    expect([await second.text(), second.headers.get('etag')]).toEqual([
      changed,
      expect.not.stringMatching(first.headers.get('etag') ?? ''),
    ]);
    const known = { 'if-none-match': first.headers.get('etag') ?? '' };
    expect((await get({ headers: known })).status).toBe(200);
  });

  describe('while the authorization server', () => {
    const unavailable = async () => {
      const answer = await get();
      const { headers } = answer;
      expect([answer.status, await answer.json()]).toEqual([
        503,
        { statusCode: 503, message: 'Service Unavailable' },
      ]);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('access-control-allow-origin')).toBe('*');
      const seconds = Number(headers.get('retry-after'));
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThanOrEqual(30);
    };

    it.each<[string, (document: Issuer) => void]>([
      ['answers 500', (one) => one.answer(OIDC, (_, response) => response.writeHead(500).end())],
      ['answers no JSON', (one) => one.answer(OIDC, (_, response) => response.end('<html>'))],
      [
        'answers a document of another issuer',
        (one) =>
          one.answer(OIDC, (_, response) => response.end('{"issuer":"https://evil.example"}')),
      ],
      [
        'answers a document that is too large',
        (one) => one.answer(OIDC, (_, response) => response.end('x'.repeat(1_048_577))),
      ],
      ['answers 404', (one) => one.answer(OIDC, (_, response) => response.writeHead(404).end())],
    ])('%s, and nothing is cached, the answer is 503 with Retry-After', async (_, fault) => {
      fault(issuer);
      await start();
      await unavailable();
      const { length } = issuer.requests;
      await Promise.all(Array.from({ length: 20 }, unavailable));
      // Requests of clients cause no further fetch until the pause is over.
      expect(issuer.requests).toHaveLength(length);
      issuer.answer(OIDC, undefined);
      elapsed = 10_000;
      expect(await status()).toBe(200);
    });

    it('does not answer, requests wait no longer than fetchTimeout', async () => {
      issuer.answer(PATH, () => undefined);
      issuer.answer(OIDC, () => undefined);
      await start({ module: { fetchTimeout: 50 } });
      await unavailable();
    });

    it('is down, the cached document is published for as long as tokens are accepted', async () => {
      const text = textOf(issuer);
      publish(text, { 'cache-control': 'max-age=60' });
      await start({ module: { staleIfError: 100 } });
      expect(await status()).toBe(200);
      await issuer.down();
      elapsed = 70_000;
      expect(await (await get()).text()).toBe(text);
      elapsed = 200_000;
      await unavailable();
    });
  });

  describe('beside a route of the application', () => {
    const failureWith = async (more: Partial<AppOptions>, resource = {}) => {
      try {
        await start({ resource }, more);
        return undefined;
      } catch (error) {
        return (error as Error).message;
      }
    };
    const HIDDEN = `The application has a route of its own at ${PATH}, which legacyDiscovery would hide. Remove the route or legacyDiscovery.`;

    it('at the same path does not start', async () => {
      expect(await failureWith({ controllers: [OwnController] })).toBe(HIDDEN);
    });

    it('at the same path, which is excluded from the global prefix, does not start', async () => {
      const setUp = (created: INestApplication) =>
        void created.setGlobalPrefix('api', { exclude: [PATH.slice(1)] });
      expect(await failureWith({ controllers: [OwnController], setUp })).toBe(HIDDEN);
    });

    it('at the same path of the adapter itself does not start', async () => {
      const setUp = (created: INestApplication) =>
        void created
          .getHttpAdapter()
          .get(PATH, (_: unknown, response: { send(body: string): void }) => {
            response.send('own');
          });
      expect(await failureWith({ setUp })).toBe(HIDDEN);
    });

    it('at the same path starts without legacyDiscovery', async () => {
      const more = { controllers: [OwnController] };
      expect(await failureWith(more, { legacyDiscovery: false })).toBeUndefined();
      expect(await (await get()).json()).toEqual({ own: true });
    });

    it('at another path serves the route and the document', async () => {
      expect(await failureWith({ controllers: [TenantController] })).toBeUndefined();
      expect(await (await get({}, `${PATH}/tenant`)).json()).toEqual({ own: true });
      expect(await (await get()).json()).toMatchObject({ issuer: issuer.url });
    });

    it('under a global prefix serves the route and the document', async () => {
      const setUp = (created: INestApplication) => void created.setGlobalPrefix('api');
      expect(await failureWith({ controllers: [OwnController], setUp })).toBeUndefined();
      expect(await (await get({}, `/api${PATH}`)).json()).toEqual({ own: true });
      expect(await (await get()).json()).toMatchObject({ issuer: issuer.url });
    });

    it('that is a middleware, mounted before the start, lets the middleware answer', async () => {
      const setUp = (created: INestApplication) =>
        void created.use(PATH, (_: unknown, response: { end(body: string): void }) => {
          response.end('{"own":true}');
        });
      expect(await failureWith({ setUp })).toBeUndefined();
      expect(await (await get()).json()).toEqual({ own: true });
    });
  });
});

const resource = (more: Record<string, unknown>, metadata: Record<string, unknown> = {}) =>
  options({ resource: { legacyDiscovery: true, ...more }, metadata });

const of = (path: string, more: Record<string, unknown> = {}) => ({
  metadata: { resource: `https://api.example.com${path}`, authorizationServers: [ISSUER] },
  legacyDiscovery: true,
  ...more,
});

const ONE =
  'protectedResources.legacyDiscovery needs exactly one authorization server in metadata.authorizationServers, and no resolver, because clients that look only at the origin of the resource find only one server (given: true)';

describe('legacyDiscovery stops the start with one line that says what would be right', () => {
  afterEach(stopApps);

  it.each<[string, unknown, string]>([
    [
      'no boolean',
      resource({ legacyDiscovery: 'true' }),
      "protectedResources.legacyDiscovery must be true or false (given: 'true')",
    ],
    [
      'two authorization servers',
      resource({}, { authorizationServers: [ISSUER, 'https://b.example.com'] }),
      ONE,
    ],
    [
      'a resolver',
      resource({ publishedIssuers: [] }, { authorizationServers: () => undefined }),
      ONE,
    ],
    [
      'a resolver behind a server',
      resource({}, { authorizationServers: [ISSUER, () => undefined] }),
      ONE,
    ],
    [
      'tenants',
      resource({ tenants: ['acme'] }, { resource: 'https://api.example.com/{tenant}/mcp' }),
      'protectedResources.legacyDiscovery has no effect with "{tenant}" in metadata.resource; remove it',
    ],
    [
      'metadata by hand',
      resource(
        {},
        { authorizationServers: [{ metadata: { issuer: ISSUER, jwksUri: `${ISSUER}/jwks` } }] },
      ),
      'protectedResources.legacyDiscovery needs an authorization server whose metadata is fetched, because the fetched document is published; give only the issuer of the server instead of "metadata"',
    ],
    [
      'an authorization server at the origin of the resource',
      resource({}, { authorizationServers: ['https://api.example.com'] }),
      'protectedResources.legacyDiscovery has no effect: the document of the authorization server https://api.example.com is already at the URL where clients look for it; remove this option',
    ],
    [
      'an authorization server at the origin of the resource, written in another way',
      resource({}, { authorizationServers: ['https://API.example.com:443/'] }),
      'protectedResources.legacyDiscovery has no effect',
    ],
    [
      'two resources',
      { protectedResources: [of('/a'), of('/b')] },
      `protectedResources would publish two metadata documents at "${PATH}"; change "metadataUrl", "metadataPath", "metadataAtRoot" or "legacyDiscovery" of one resource`,
    ],
    [
      'another document at that path',
      { protectedResources: of('/a', { metadataUrl: `https://api.example.com${PATH}` }) },
      `protectedResources would publish two metadata documents at "${PATH}"`,
    ],
    [
      'a misspelt name',
      resource({ legacyDiscovery: undefined, legacyDiscovry: true }),
      'protectedResources.legacyDiscovry is not an option; did you mean "legacyDiscovery"?',
    ],
    [
      'legacyDiscovery inside metadata',
      resource({ legacyDiscovery: undefined }, { legacyDiscovery: true }),
      'protectedResources.metadata.legacyDiscovery is an option of the protected resource; move it out of "metadata"',
    ],
  ])('%s', (_, given, expected) => {
    expectOneMistake(failureOf(given), expected);
  });

  it('with controller: false, which publishes no documents', async () => {
    const failure = await startFailure({
      options: { ...resource({}), controller: false },
    });
    expect(failure?.message).toBe(
      'McpAuthModule: protectedResources.legacyDiscovery has no effect with controller: false, since no document is published then; remove legacyDiscovery or controller: false.',
    );
  });

  it.each<[string, unknown]>([
    [
      'legacyDiscovery: false with two authorization servers',
      resource(
        { legacyDiscovery: false },
        { authorizationServers: [ISSUER, 'https://b.example.com'] },
      ),
    ],
    [
      'legacyDiscovery at one of two resources',
      { protectedResources: [of('/a'), of('/b', { legacyDiscovery: false })] },
    ],
    [
      'an authorization server with a path at the origin of the resource',
      resource({}, { authorizationServers: ['https://api.example.com/oidc'] }),
    ],
    [
      'an authorization server with a tokenIssuer',
      resource({}, { authorizationServers: [{ issuer: ISSUER, tokenIssuer: 'urn:a' }] }),
    ],
  ])('accepts %s', (_, given) => {
    expect(failureOf(given)).toBeUndefined();
  });
});

it('legacyDiscovery has no effect in an application without HTTP, which starts', async () => {
  const context = await NestFactory.createApplicationContext(McpAuthModule.forRoot(resource({})), {
    logger: false,
    abortOnError: false,
  });
  await context.close();
});
