import { createHmac } from 'node:crypto';
import { request as httpRequest, type ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Post, Res } from '@nestjs/common';
import { Query, Resolver } from '@nestjs/graphql';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import {
  authenticateConnection,
  AuthInfo,
  McpEndpoint,
  nodeResponse,
  OptionalAuth,
  Public,
  RequireScopes,
  TokenRevocations,
  type AdapterResponse,
  type McpAuthModuleOptions,
  type ProtectedResourceOptions,
  type ProxyAssertionOptions,
} from 'nestjs-mcp-auth';
import { io } from 'socket.io-client';
import {
  adapters,
  oneResource,
  RESOURCE,
  startApp,
  startFailure,
  stopApps,
  type AppOptions,
} from '../support/app.js';
import { graphqlModule } from '../support/graphql.js';
import { Issuer, type MintOptions } from '../support/issuer.js';

const HEADER = 'Cf-Access-Jwt-Assertion';
const TEAM = 'https://acme.cloudflareaccess.com';
const AUDIENCE = '32eafc7626e974616deaf0dc3ce63d7b';
const CHALLENGE =
  'Bearer resource_metadata="https://api.example.com/.well-known/oauth-protected-resource/notes"';
const WHO = { subject: 'alice', email: 'alice@example.com' };

const who = (caller?: AuthInfo) => ({
  subject: caller?.subject,
  email: caller?.claims.email,
});

@Controller('notes')
class NotesController {
  @Get() get(@AuthInfo() caller: AuthInfo) {
    return who(caller);
  }

  @Post() post(@AuthInfo() caller: AuthInfo) {
    return who(caller);
  }

  @Get('principal') principal(@AuthInfo('principal') principal: string) {
    return { principal };
  }

  @Get('admin') @RequireScopes('admin') admin() {
    return {};
  }

  @Get('optional') @OptionalAuth() optional(@AuthInfo() caller?: AuthInfo) {
    return who(caller);
  }

  @Get('public') @Public() open() {
    return {};
  }

  @Post('mcp') @McpEndpoint() mcp() {
    return {};
  }

  @Get('by-node') byNode(@Res() response: AdapterResponse) {
    nodeResponse(response).writeHead(200).end('{}');
  }

  @Get('on-node') onNode(@Res() response: AdapterResponse) {
    const node = 'raw' in response ? response.raw : response;
    node.end('{}');
  }
}

@Resolver()
class NotesResolver {
  @Query(() => String) reader(@AuthInfo('subject') subject: string) {
    return subject;
  }
}

@WebSocketGateway()
class NotesGateway {
  @SubscribeMessage('whoami') whoami(@AuthInfo() caller: AuthInfo) {
    return { event: 'whoami', data: who(caller) };
  }
}

type Headers = Record<string, string>;

describe.each(adapters)('the assertion of a proxy, on %s', (adapter) => {
  const [issuer, proxy] = [new Issuer(), new Issuer({ algorithm: 'RS256' })];
  beforeAll(() => Promise.all([issuer.begin(), proxy.begin()]));
  afterEach(stopApps);
  afterAll(() => Promise.all([issuer.down(), proxy.down()]));

  let url: string;
  let app: Awaited<ReturnType<typeof startApp>>['app'];

  const start = async (
    assertion: Partial<ProxyAssertionOptions> = {},
    resource: Partial<ProtectedResourceOptions> = {},
    more: Partial<AppOptions> = {},
    module: Partial<McpAuthModuleOptions> = {},
  ) => {
    const jwksUri = 'jwks' in assertion ? undefined : `${proxy.url}/jwks`;
    const proxyAssertion = {
      header: HEADER,
      issuer: TEAM,
      audience: AUDIENCE,
      jwksUri,
      ...assertion,
    } as ProxyAssertionOptions;
    ({ url, app } = await startApp({
      adapter,
      options: { ...oneResource(issuer.url, { proxyAssertion, ...resource }), ...module },
      controllers: [NotesController],
      ...more,
    }));
  };

  /** Makes an assertion like those of Cloudflare Access. */
  const assert = (claims: Record<string, unknown> = {}, more: MintOptions = {}) =>
    proxy.mint({
      audience: [AUDIENCE],
      header: { typ: 'JWT' },
      ...more,
      claims: {
        iss: TEAM,
        client_id: undefined,
        jti: undefined,
        type: 'app',
        email: 'alice@example.com',
        identity_nonce: '6ei69kawdKzMIAPF',
        ...claims,
      },
    });
  const accessToken = () => issuer.mint({ audience: RESOURCE, claims: { scope: 'admin' } });
  const call = (headers: Headers, path = '', init: RequestInit = {}) =>
    fetch(`${url}/notes${path}`, {
      ...init,
      headers: { ...headers, ...(init.headers as Headers) },
    });
  const status = async (...args: Parameters<typeof call>) => (await call(...args)).status;
  const asserted = async (claims?: Record<string, unknown>, more?: MintOptions) => ({
    [HEADER]: await assert(claims, more),
  });

  it('provides the caller', async () => {
    await start();
    const response = await call(await asserted());
    expect([response.status, await response.json()]).toEqual([200, WHO]);
  });

  it.each<[string, (jwt: string, token: string) => Headers, number]>([
    ['an access token', (_, token) => ({ authorization: `Bearer ${token}` }), 200],
    ['an assertion, and Basic', (jwt) => ({ [HEADER]: jwt, authorization: 'Basic YTpi' }), 200],
    ['an assertion in Authorization', (jwt) => ({ authorization: `Bearer ${jwt}` }), 401],
    ['an access token in the field', (_, token) => ({ [HEADER]: token }), 401],
    ['an assertion in another field', (jwt) => ({ 'Cf-Access-Jwt-Assertion2': jwt }), 401],
    ['a scheme before the assertion', (jwt) => ({ [HEADER]: `Bearer ${jwt}` }), 400],
    [
      'an assertion and a token',
      (jwt, token) => ({ [HEADER]: jwt, authorization: `Bearer ${token}` }),
      400,
    ],
    ['an assertion and a bad token', (jwt) => ({ [HEADER]: jwt, authorization: 'Bearer x' }), 400],
    [
      'an assertion and Bearer without a token',
      (jwt) => ({ [HEADER]: jwt, authorization: 'Bearer' }),
      400,
    ],
    [
      'an assertion and a token as DPoP',
      (jwt, token) => ({ [HEADER]: jwt, authorization: `DPoP ${token}` }),
      400,
    ],
    [
      'a bad assertion and a token',
      (_, token) => ({ [HEADER]: 'x', authorization: `Bearer ${token}` }),
      400,
    ],
    ['two assertions in one field', (jwt) => ({ [HEADER]: `${jwt}, ${jwt}` }), 400],
    ['an empty field', () => ({ [HEADER]: '' }), 400],
    ['text', () => ({ [HEADER]: 'alice' }), 401],
    ['16,000 characters', () => ({ [HEADER]: 'a.'.repeat(7000) }), 401],
    ['nothing', () => ({}), 401],
  ])('answers to %s', async (_, headersOf, expected) => {
    await start();
    const headers = headersOf(await assert(), await accessToken());
    for (const attempt of [1, 2]) {
      const response = await call(headers);
      const { error } = (await response.json()) as { error?: string };
      expect([attempt, response.status]).toEqual([attempt, expected]);
      expect(error).toBe({ 200: undefined, 400: 'invalid_request', 401: error }[String(expected)]);
    }
  });

  it('does not change the challenge for a request with neither an assertion nor a token', async () => {
    await start();
    const response = await call({});
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, CHALLENGE]);
  });

  it('is not accepted as an access token after it is cached, and an access token not as an assertion', async () => {
    await start();
    const [jwt, token] = [await assert(), await accessToken()];
    expect(await status({ [HEADER]: jwt })).toBe(200);
    expect(await status({ authorization: `Bearer ${jwt}` })).toBe(401);
    expect(await status({ authorization: `Bearer ${token}` })).toBe(200);
    expect(await status({ [HEADER]: token })).toBe(401);
  });

  it.each<[string, MintOptions]>([
    ['another issuer', { claims: { iss: 'https://evil.cloudflareaccess.com' } }],
    ['no issuer', { claims: { iss: undefined } }],
    ['another audience', { audience: ['0000'] }],
    ['the audience of the resource', { audience: RESOURCE }],
    ['no audience', { audience: undefined }],
    ['an expiry that is over', { claims: { exp: 1 } }],
    ['no expiry', { claims: { exp: undefined } }],
    ['an nbf in the future', { claims: { nbf: 1e10 } }],
    ['a key that it is bound to', { claims: { cnf: { jkt: 'x' } } }],
    ['a certificate that it is bound to', { claims: { cnf: { 'x5t#S256': 'x' } } }],
    ['a bond of another kind', { claims: { cnf: {} } }],
    ['the type of a DPoP proof', { header: { typ: 'dpop+jwt' } }],
    ['a nonce, as ID tokens have', { claims: { nonce: 'x' } }],
    ['an unknown key', { header: { typ: 'JWT', kid: 'x' } }],
  ])('with %s is refused', async (_, { claims, ...more }) => {
    await start({}, { dpop: 'accepted', clientCertificate: 'tls' });
    const response = await call(await asserted(claims, more));
    expect([response.status, await response.json()]).toEqual([
      401,
      { error: 'invalid_token', error_description: expect.any(String) },
    ]);
  });

  it.each<[string, (jwt: string) => string]>([
    ['no algorithm', (jwt) => withHeader(jwt, { alg: 'none' }, () => '')],
    [
      'a symmetric algorithm',
      (jwt) =>
        withHeader(jwt, { alg: 'HS256' }, (text) =>
          createHmac('sha256', proxy.kid).update(text).digest('base64url'),
        ),
    ],
    ['padding, as AWS writes it', (jwt) => `${jwt}==`],
    ['a signature that is missing', (jwt) => jwt.slice(0, jwt.lastIndexOf('.') + 1)],
  ])('with %s is refused', async (_, forge) => {
    await start();
    expect(await status({ [HEADER]: forge(await assert()) })).toBe(401);
  });

  it('of the authorization server’s key is refused, whatever it says', async () => {
    await start();
    const claims = { iss: TEAM };
    const forged = await issuer.mint({ audience: AUDIENCE, claims, header: { kid: proxy.kid } });
    expect(await status({ [HEADER]: forged })).toBe(401);
  });

  it('in two fields is refused', async () => {
    await start();
    const jwt = await assert();
    for (const values of [
      [jwt, jwt],
      ['', jwt],
      [jwt, ''],
    ]) {
      expect(
        await rawStatus(
          url,
          values.flatMap((value) => [HEADER, value]),
        ),
      ).toBe(400);
    }
    expect(await rawStatus(url, [HEADER, jwt])).toBe(200);
    expect(await rawStatus(url, [HEADER.toUpperCase(), jwt, HEADER.toLowerCase(), jwt])).toBe(400);
  });

  describe('from a trusted proxy', () => {
    it.each<[string, string[], number]>([
      ['this machine', ['127.0.0.1', '::1'], 200],
      ['another machine', ['10.0.0.0/8'], 400],
    ])('is accepted from %s', async (_, trustedProxies, expected) => {
      await start({ trustedProxies });
      const headers = await asserted();
      expect(await status(headers)).toBe(expected);
      expect(await status(headers, '/optional')).toBe(expected);
      expect(await status({ ...headers, 'x-forwarded-for': '10.1.2.3' })).toBe(expected);
      const both = { ...headers, authorization: `Bearer ${await accessToken()}` };
      expect(await status(both)).toBe(400);
    });

    it('does not affect requests without the field', async () => {
      await start({ trustedProxies: ['10.0.0.0/8'] });
      expect(await status({ authorization: `Bearer ${await accessToken()}` })).toBe(200);
      expect(await status({}, '/optional')).toBe(200);
      expect(await status(await asserted(), '/public')).toBe(200);
    });
  });

  it('is described in the log, but not printed', async () => {
    const lines: string[] = [];
    const write = (line: unknown) => void lines.push(String(line));
    const logger = { log: write, error: write, warn: write, debug: write };
    await start({ trustedProxies: ['127.0.0.1', '::1'] }, {}, { nest: { logger } });
    const jwt = await assert({}, { audience: 'another' });
    await call({ [HEADER]: jwt });
    await call({ [HEADER]: 'alice' });
    expect(lines).toContainEqual(
      expect.stringMatching(
        /401 invalid_token \(audience\).*expected one of: "32eaf.*The assertion of the proxy says: typ "JWT", alg "RS256", iss "https:\/\/acme/,
      ),
    );
    expect(lines).toContainEqual(
      expect.stringContaining('The assertion of the proxy says: nothing, as it is not a JWT.'),
    );
    await stopApps();
    await start({ trustedProxies: ['192.0.2.1'] }, {}, { nest: { logger } });
    await Promise.all([1, 2].map(() => call({ [HEADER]: jwt })));
    expect(lines.filter((line) => line.includes('trustedProxies does not name'))).toHaveLength(1);
    expect(lines.join()).not.toContain(jwt.slice(-40));
  });

  describe('and Vary', () => {
    const VARY = `${HEADER}, Authorization`.toLowerCase();
    const withVary = (name: string) => ({
      setUp: (running: typeof app) => {
        running.enableCors({ origin: ['https://api.example.com'] });
        running.use((_: unknown, response: ServerResponse, next: () => void) => {
          response.appendHeader('Vary', name);
          next();
        });
      },
    });

    it.each<[string, string, (jwt: string) => Headers, number]>([
      ['a success', '', (jwt) => ({ [HEADER]: jwt }), 200],
      ['an anonymous success', '/optional', () => ({}), 200],
      ['a handler that writes to Node’s response', '/by-node', (jwt) => ({ [HEADER]: jwt }), 200],
      ['a missing token', '', () => ({}), 401],
      ['a bad assertion', '', () => ({ [HEADER]: 'x' }), 401],
      ['two identities', '', (jwt) => ({ [HEADER]: jwt, authorization: 'Bearer x' }), 400],
      ['a missing scope', '/admin', (jwt) => ({ [HEADER]: jwt }), 403],
      [
        'a page of another origin',
        '',
        (jwt) => ({ [HEADER]: jwt, origin: 'https://evil.example' }),
        403,
      ],
    ])('names the field in the answer to %s', async (_, path, headersOf, expected) => {
      await start();
      const response = await call(headersOf(await assert()), path);
      expect([response.status, response.headers.get('vary')?.toLowerCase()]).toEqual([
        expected,
        VARY,
      ]);
    });

    it('keeps field names of the application', async () => {
      await start({}, {}, withVary('Accept-Language, authorization'));
      for (const path of ['', '/admin', '/by-node', '/on-node']) {
        const response = await call(
          { ...(await asserted()), origin: 'https://api.example.com' },
          path,
        );
        const names = (response.headers.get('vary') ?? '').toLowerCase().split(/, */).sort();
        expect([path, names]).toEqual([
          path,
          ['accept-language', 'authorization', HEADER.toLowerCase(), 'origin'],
        ]);
      }
    });

    it('does not name the field at a public handler or without the option', async () => {
      await start();
      expect((await call(await asserted(), '/public')).headers.get('vary')).toBeNull();
      await stopApps();
      ({ url } = await startApp({
        adapter,
        options: oneResource(issuer.url),
        controllers: [NotesController],
      }));
      expect((await call({})).headers.get('vary')).toBeNull();
      expect(await status(await asserted())).toBe(401);
    });
  });

  describe('sent by the browser for a page', () => {
    const EVIL = { origin: 'https://evil.example.com' };
    const json = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    };
    const ping = { ...json, body: '{"jsonrpc":"2.0","id":1,"method":"ping"}' };
    const form = {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'a=b',
    };

    it.each<[string, string, RequestInit, Headers, number]>([
      ['of another origin, a form', '', form, EVIL, 403],
      ['of another origin, by script', '', json, EVIL, 403],
      ['of another origin, MCP', '/mcp', ping, EVIL, 403],
      ['of another origin, reading', '', {}, EVIL, 403],
      ['of another origin, anonymously as well', '/optional', {}, EVIL, 403],
      ['in a sandbox', '', form, { origin: 'null' }, 403],
      ['of its own origin', '', form, { origin: 'https://api.example.com' }, 201],
      ['of its own origin, MCP', '/mcp', ping, { origin: 'https://api.example.com' }, 201],
      ['of an allowed origin', '', form, { origin: 'https://app.example.com' }, 201],
      ['by a program', '', form, {}, 201],
    ])('%s', async (_, path, init, origin, expected) => {
      await start({}, { allowedOrigins: ['https://app.example.com'] });
      expect(await status({ ...(await asserted()), ...origin }, path, init)).toBe(expected);
    });

    it('of another origin is accepted with an access token, because browsers do not add access tokens', async () => {
      await start();
      const headers = { authorization: `Bearer ${await accessToken()}`, ...EVIL };
      expect(await status(headers, '', json)).toBe(201);
    });
  });

  it('has the scopes that a function returns', async () => {
    const scopes = ({ email }: Record<string, unknown>) =>
      email === 'alice@example.com' ? ['admin'] : [];
    await start({ claims: { scopes } });
    expect(await status(await asserted(), '/admin')).toBe(200);
    expect(await status(await asserted({ email: 'bob@example.com' }), '/admin')).toBe(403);
  });

  it('does not use the claims and the JWT options of access tokens', async () => {
    await start(
      {},
      {
        claims: { subject: 'email', scopes: 'roles' },
        jwt: { algorithms: ['ES256'], typ: 'at+jwt', requiredClaims: ['client_id'] },
      },
    );
    const response = await call(await asserted({ roles: ['admin'] }));
    expect([response.status, await response.json()]).toEqual([200, WHO]);
    expect(await status(await asserted({ roles: ['admin'] }), '/admin')).toBe(403);
  });

  it('of a service has the principal of a client', async () => {
    await start({ claims: { clientId: 'common_name' } });
    const headers = await asserted({ sub: '', common_name: 'e367.access', email: undefined });
    expect(await (await call(headers, '/principal')).json()).toEqual({
      principal: expect.stringMatching(/^client\./),
    });
  });

  it('is accepted if DPoP is required for access tokens', async () => {
    await start({}, { dpop: 'required' });
    expect(await status(await asserted())).toBe(200);
    expect(await status({ authorization: `Bearer ${await accessToken()}` })).toBe(401);
  });

  it('is accepted beside verifiers of the application, which never see it', async () => {
    const seen: string[] = [];
    await start(
      {},
      {
        tokenVerifier: (token, { resource, issuers }) => {
          seen.push(token);
          return { issuer: issuers[0] ?? '', audience: resource, subject: 'any' };
        },
      },
    );
    expect(await (await call(await asserted())).json()).toEqual(WHO);
    expect(await status({ authorization: 'Bearer key' })).toBe(200);
    expect(seen).toEqual(['key']);
  });

  it('can be revoked', async () => {
    await start();
    const headers = await asserted();
    expect(await status(headers)).toBe(200);
    await app.get(TokenRevocations).revokeSubject({ issuer: TEAM, subject: 'alice' });
    expect(await status(headers)).toBe(401);
  });

  it('does not publish its issuer', async () => {
    await start();
    const response = await fetch(`${url}/.well-known/oauth-protected-resource/notes`);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ authorization_servers: [issuer.url] });
    expect(text).not.toContain('cloudflareaccess');
  });

  it('does not cause a call of the resolver', async () => {
    const asked: string[] = [];
    const resolver = (iss: string) => {
      asked.push(iss);
      return undefined;
    };
    await start(
      {},
      { metadata: { resource: RESOURCE, authorizationServers: [issuer.url, resolver] } },
    );
    const jwt = await assert();
    expect(await status({ [HEADER]: jwt })).toBe(200);
    expect(await status({ authorization: `Bearer ${jwt}` })).toBe(401);
    expect(asked).toEqual([]);
  });

  describe('and the keys of the proxy', () => {
    it('are fetched once, and again for a new key', async () => {
      await start();
      const before = proxy.count('/jwks');
      const headers = [await asserted(), await asserted({ sub: 'bob' })];
      expect(await Promise.all(headers.map((each) => status(each)))).toEqual([200, 200]);
      expect(proxy.count('/jwks')).toBe(before + 1);
      await proxy.rotate();
      expect(await status(await asserted())).toBe(200);
      expect(proxy.count('/jwks')).toBe(before + 2);
      expect(proxy.count('.well-known')).toBe(0);
    });

    it('that cannot be fetched lead to 503 for assertions, but access tokens are accepted', async () => {
      await start();
      proxy.answer('/jwks', (_, response) => response.writeHead(500).end());
      expect(await status(await asserted())).toBe(503);
      expect(await status({ authorization: `Bearer ${await accessToken()}` })).toBe(200);
      proxy.answer('/jwks', undefined);
    });

    it('are fetched at the start by eager discovery', async () => {
      const before = proxy.count('/jwks');
      await start({}, {}, {}, { discovery: 'eager' });
      expect(proxy.count('/jwks')).toBe(before + 1);
      expect(await status(await asserted())).toBe(200);
      expect(proxy.count('/jwks')).toBe(before + 1);
    });

    it('can be written in the options', async () => {
      await start({ jwks: { keys: [await proxy.publicJwk()] }, issuer: 'proxy.internal' });
      const before = proxy.requests.length;
      expect(await status(await asserted({ iss: 'proxy.internal' }))).toBe(200);
      expect(proxy.requests).toHaveLength(before);
    });
  });

  it('is read by a resolver of GraphQL', async () => {
    await start({}, {}, { imports: [graphqlModule()], providers: [NotesResolver] });
    const ask = async (headers: Headers) => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: '{"query":"{ reader }"}',
      });
      const { data, errors } = (await response.json()) as {
        data?: unknown;
        errors?: { extensions: { code: string } }[];
      };
      return [errors?.[0]?.extensions.code ?? data, response.headers.get('vary')?.toLowerCase()];
    };
    const vary = expect.stringContaining(`${HEADER}, Authorization`.toLowerCase());
    const headers = await asserted();
    expect(await ask(headers)).toEqual([{ reader: 'alice' }, vary]);
    expect(await ask({ ...headers, origin: 'https://evil.example.com' })).toEqual([
      'access_denied',
      vary,
    ]);
    expect(await ask({})).toEqual(['unauthorized', vary]);
  });

  describe('of a WebSocket handshake', () => {
    const message = async (extraHeaders: Headers) => {
      const socket = io(url, { transports: ['websocket'], extraHeaders });
      try {
        return await new Promise<unknown>((resolve, reject) => {
          socket.on('connect_error', reject);
          socket.on('exception', ({ error }: { error: string }) => resolve(error));
          socket.on('whoami', resolve);
          socket.emit('whoami', {});
        });
      } finally {
        socket.disconnect();
      }
    };

    it.each<[string, Partial<ProxyAssertionOptions>, Headers, unknown]>([
      ['a program', {}, {}, WHO],
      ['its own page', {}, { origin: 'https://api.example.com' }, WHO],
      ['a page of another origin', {}, { origin: 'https://evil.example.com' }, 'access_denied'],
      ['the proxy', { trustedProxies: ['127.0.0.1', '::1'] }, {}, WHO],
      ['another machine', { trustedProxies: ['10.0.0.0/8'] }, {}, 'invalid_request'],
    ])('of %s is decided at each message', async (_, options, more, expected) => {
      await start(options, {}, { providers: [NotesGateway] });
      expect(await message({ ...(await asserted()), ...more })).toEqual(expected);
    });

    it('is decided by authenticateConnection()', async () => {
      await start();
      const headers = { [HEADER.toLowerCase()]: await assert() };
      const attempt = (more: Headers = {}) =>
        authenticateConnection(app, { headers: { ...headers, ...more } });
      expect(await attempt()).toMatchObject({ subject: 'alice', issuer: TEAM });
      await expect(attempt({ origin: 'https://evil.example.com' })).rejects.toMatchObject({
        code: 'access_denied',
      });
      await expect(attempt({ authorization: 'Bearer x' })).rejects.toMatchObject({
        code: 'invalid_request',
      });
    });

    it('needs the socket where proxies are trusted', async () => {
      await start({ trustedProxies: ['127.0.0.1'] });
      const headers = { [HEADER.toLowerCase()]: await assert() };
      const from = (remoteAddress?: string) =>
        authenticateConnection(app, { headers, socket: { remoteAddress } });
      await expect(from()).rejects.toMatchObject({ code: 'invalid_request' });
      expect(await from('127.0.0.1')).toMatchObject({ subject: 'alice' });
    });
  });

  it('of Google IAP is accepted', async () => {
    const audience = '/projects/123456789/global/backendServices/987654321';
    const iap = { issuer: 'https://cloud.google.com/iap', audience };
    await start({ ...iap, header: 'x-goog-iap-jwt-assertion' });
    const jwt = await proxy.mint({
      audience,
      header: { typ: 'JWT' },
      claims: { iss: iap.issuer, sub: 'accounts.google.com:1', email: 'alice@example.com' },
    });
    const response = await call({ 'x-goog-iap-jwt-assertion': jwt });
    expect(await response.json()).toEqual({ ...WHO, subject: 'accounts.google.com:1' });
    expect(await status({ [HEADER]: jwt })).toBe(401);
  });
});

it('stops the start if its keys cannot be fetched with eager discovery', async () => {
  const proxy = await Issuer.start();
  const options = oneResource(proxy.url, {
    proxyAssertion: { header: HEADER, issuer: TEAM, audience: 'a', jwksUri: `${proxy.url}/none` },
  });
  const failure = await startFailure({ options: { ...options, discovery: 'eager' } });
  expect(failure?.message).toContain(`${proxy.url}/none`);
  await proxy.down();
});

/** Returns a JWT with the same claims, but with another header and another signature. */
function withHeader(
  jwt: string,
  header: Record<string, unknown>,
  sign: (text: string) => string,
): string {
  const [, payload = ''] = jwt.split('.');
  const text = `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${payload}`;
  return `${text}.${sign(text)}`;
}

/** Sends header fields unchanged, and returns the status. `fetch` would join fields of one name. */
function rawStatus(url: string, headers: string[]): Promise<number | undefined> {
  const host = new URL(url).host;
  return new Promise((resolve, reject) => {
    httpRequest(`${url}/notes`, { headers: ['Host', host, ...headers] }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    })
      .on('error', reject)
      .end();
  });
}
