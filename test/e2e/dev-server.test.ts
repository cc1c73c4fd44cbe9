import { createHash } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { decodeJwt } from 'jose';
import { startDevServer, type DevServer, type DevServerOptions } from 'nestjs-mcp-auth/dev-server';
import { commands } from '../../lib/cli/commands.js';
import { Browser } from '../../sample/todo-manager/walk-through/browser.js';
import {
  adapters,
  bearer,
  oneResource,
  RESOURCE as APP,
  startApp,
  stopApps,
} from '../support/app.js';
import { freePort } from '../support/mcp-flow/free-port.js';
import { NotesController } from '../support/notes.controller.js';
import { runInTerminal } from '../support/terminal.js';

const RESOURCE = 'http://localhost:1/mcp';
const CALLBACK = 'http://127.0.0.1/callback';
const ADA = { username: 'ada', password: 'lovelace', scopes: ['read:things'] };
const BOB = { username: 'bob', password: 'bob', scopes: [] };
const VERIFIER = 'a'.repeat(43);

describe('the development server', () => {
  let server: DevServer;
  let clientId: string;

  beforeAll(async () => {
    server = await startDevServer({
      port: 0,
      resources: [{ resource: RESOURCE, scopes: ['read:things', 'write:things'] }],
      users: [ADA, BOB],
    });
    const registration = await fetch(`${server.issuer}/reg`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        client_name: '<script>alert(1)</script>',
        redirect_uris: [CALLBACK],
        token_endpoint_auth_method: 'none',
        // An MCP client registers with the scopes that it knows then. They must not limit later requests.
        scope: 'read:things',
      }),
    });
    clientId = ((await registration.json()) as { client_id: string }).client_id;
  });

  afterAll(() => server.close());

  const authorizationUrl = (changes: Record<string, string | undefined> = {}) => {
    const url = new URL(`${server.issuer}/auth`);
    const parameters: Record<string, string | undefined> = {
      client_id: clientId,
      response_type: 'code',
      redirect_uri: CALLBACK,
      scope: 'read:things write:things',
      resource: RESOURCE,
      code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
      code_challenge_method: 'S256',
      ...changes,
    };
    for (const [name, value] of Object.entries(parameters)) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    return url;
  };

  const authorize = (url: URL, user = ADA, decision?: 'allow' | 'deny') =>
    new Browser().authorize(url, new URL(CALLBACK), user, decision);

  const tokensFor = async (answer: URLSearchParams) => {
    const response = await fetch(`${server.issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: clientId,
        code: answer.get('code') ?? '',
        redirect_uri: CALLBACK,
        code_verifier: VERIFIER,
      }),
    });
    return (await response.json()) as { access_token: string; scope: string };
  };

  /** Returns a function that opens a page in one browser session, as a person would. */
  const reader = () => {
    const cookies = new Map<string, string>();
    const open = async (url: URL, form?: Record<string, string>): Promise<[URL, Response]> => {
      const response = await fetch(url, {
        ...(form && { method: 'POST', body: new URLSearchParams(form) }),
        headers: { cookie: [...cookies].map((cookie) => cookie.join('=')).join('; ') },
        redirect: 'manual',
      });
      for (const cookie of response.headers.getSetCookie()) {
        const [name = '', value = ''] = (cookie.split(';')[0] ?? '').split(/=(.*)/s);
        cookies.set(name, value);
      }
      const location = response.headers.get('location');
      return location === null ? [url, response] : open(new URL(location, url));
    };
    return open;
  };

  it('grants no more scopes than the user has', async () => {
    const answer = await authorize(authorizationUrl());
    expect(await tokensFor(answer)).toMatchObject({ scope: 'read:things' });
    expect(answer.get('iss')).toBe(server.issuer);
  });

  it.each([
    ['no scope', undefined],
    ['an empty scope', ''],
  ])('issues a token without scopes to a client that requests %s', async (_, scope) => {
    const answer = await authorize(authorizationUrl({ scope }));
    expect(answer.get('error')).toBeNull();
    const { access_token: token } = await tokensFor(answer);
    const claims = decodeJwt(token);
    expect(claims).toMatchObject({ sub: 'ada', aud: RESOURCE });
    expect(claims.scope ?? '').toBe('');
  });

  it('keeps the user name in the form after a wrong password', async () => {
    const open = reader();
    const [url] = await open(authorizationUrl());
    const [, refused] = await open(url, { username: 'a"da', password: 'x' });
    expect(refused.status).toBe(401);
    expect(await refused.text()).toContain('value="a&quot;da"');
  });

  it('shows the resource and the redirect target at the login', async () => {
    const [, login] = await reader()(authorizationUrl());
    const text = await login.text();
    expect(text).toContain(`<code>${RESOURCE}</code>`);
    expect(text).toContain(`<code>${CALLBACK}</code>`);
  });

  it('shows the users whose password is their name, and no other user or password', async () => {
    const [, login] = await reader()(authorizationUrl());
    const text = await login.text();
    expect(text).toContain('For development only: bob, each');
    expect(text).not.toMatch(/ada|lovelace/);
  });

  it('asks for consent, showing the resource, the scopes and the redirect target', async () => {
    const open = reader();
    const [login] = await open(authorizationUrl());
    const [, consent] = await open(login, { username: ADA.username, password: ADA.password });
    const text = await consent.text();
    expect(consent.status).toBe(200);
    expect(text).toContain(`<code>${RESOURCE}</code>`);
    expect(text).toContain(`<code>${CALLBACK}</code>`);
    expect(text.match(/<li>.*?<\/li>/g)).toEqual([
      '<li>Read things <code>read:things</code></li>',
      '<li>Write things <code>write:things</code></li>',
    ]);
    expect(text).toContain('ada does not have them');
    expect(text).toContain('The answer goes to <strong>127.0.0.1</strong>');
    expect(text).toMatch(/value="deny"\s+class="secondary"/);
  });

  it('asks for consent with the default resource if the client names no resource', async () => {
    const open = reader();
    const [login] = await open(authorizationUrl({ resource: undefined }));
    const [, consent] = await open(login, { username: ADA.username, password: ADA.password });
    expect(await consent.text()).toContain(`<code>${RESOURCE}</code>`);
  });

  it('redirects with an error when the user denies', async () => {
    const answer = await authorize(authorizationUrl(), ADA, 'deny');
    expect(answer.get('error')).toBe('access_denied');
    expect(answer.has('code')).toBe(false);
  });

  it('redirects with an error when the user has none of the requested scopes', async () => {
    const answer = await authorize(authorizationUrl({ scope: 'write:things' }));
    expect(answer.get('error')).toBe('access_denied');
  });

  it('rejects a wrong password', async () => {
    await expect(authorize(authorizationUrl(), { ...ADA, password: 'guess' })).rejects.toThrow(
      /Signing in as ada ended at .* \(401\)/,
    );
  });

  it.each([
    ['PKCE', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
    ['S256', { code_challenge_method: 'plain', code_challenge: VERIFIER }, 'invalid_request'],
    ['a known resource', { resource: 'http://localhost:1/other' }, 'invalid_target'],
  ])('rejects a request without %s', async (_what, changes, error) => {
    expect((await authorize(authorizationUrl(changes))).get('error')).toBe(error);
  });

  it('escapes the client name in HTML', async () => {
    const redirect = await fetch(authorizationUrl(), { redirect: 'manual' });
    const cookie = redirect.headers.getSetCookie().map((line) => line.split(';')[0]);
    const location = new URL(redirect.headers.get('location') ?? '', server.issuer);
    const page = await fetch(location, { headers: { cookie: cookie.join('; ') } });
    const text = await page.text();
    expect(page.status).toBe(200);
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text).not.toContain('<script>');
  });

  it('says so when an interaction has expired', async () => {
    const response = await fetch(`${server.issuer}/interaction/none`);
    expect(response.status).toBe(400);
    const text = await response.text();
    expect(text).toContain('This page is too old, or the browser has blocked its cookie.');
    expect(text).toContain('interaction session id cookie not found');
  });

  it.each([
    ['a login page', () => reader()(authorizationUrl())],
    ['an error page', () => reader()(new URL(`${server.issuer}/interaction/none`))],
    ['an error page of oidc-provider', () => reader()(new URL(`${server.issuer}/auth`))],
  ])('allows no script and only its own style on %s', async (_page, open) => {
    const [, response] = await open();
    const [, style = ''] = /<style>(.*)<\/style>/s.exec(await response.text()) ?? [];
    const hash = createHash('sha256').update(style).digest('base64');
    expect(style).not.toBe('');
    expect(response.headers.get('content-security-policy')).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; frame-ancestors 'none'`,
    );
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  });

  it.each([20_000, 2_000_000])('answers 413 to a form of %i characters', async (length) => {
    const logged = jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
    const open = reader();
    const [url] = await open(authorizationUrl());
    const [, response] = await open(url, { username: 'a'.repeat(length), password: 'x' });
    expect(response.status).toBe(413);
    expect(await response.text()).toContain('What you have entered is too long.');
    expect(logged).not.toHaveBeenCalled();
    logged.mockRestore();
    const [, again] = await open(url);
    expect(again.status).toBe(200);
  });

  it('rejects a client that has neither a registration nor a metadata document', async () => {
    const [, response] = await reader()(authorizationUrl({ client_id: 'http://localhost:1/c' }));
    expect(response.status).toBe(400);
    const text = await response.text();
    expect(text).toContain('This server does not know the application that sent you here.');
    expect(text).toContain('client is invalid');
  });

  it('does not send an answer to an address that the client has not registered', async () => {
    const elsewhere = authorizationUrl({ redirect_uri: 'http://127.0.0.1/elsewhere' });
    const [, response] = await reader()(elsewhere);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('to an address that it has not registered');
  });

  it('is healthy for the command check', async () => {
    const { status, stdout } = await runInTerminal(commands, ['check', server.issuer]);
    expect(stdout).toContain('0 problems, 0 warnings');
    expect(status).toBe(0);
  });

  it('issues no token to an unknown user or for an unknown resource', async () => {
    await expect(server.issueToken('eve')).rejects.toThrow(
      'The development server has no user "eve".',
    );
    await expect(server.issueToken('ada', 'http://localhost:1/other')).rejects.toThrow(
      'The development server has no resource "http://localhost:1/other".',
    );
  });

  it('issues a token without scopes to a user without scopes', async () => {
    const claims = decodeJwt(await server.issueToken('bob', RESOURCE));
    expect(claims).toMatchObject({ sub: 'bob', aud: RESOURCE, client_id: 'curl' });
    expect(claims).not.toHaveProperty('scope');
  });
});

describe.each(adapters)('a token that is issued without a login, on %s', (adapter) => {
  let server: DevServer;
  let url: string;

  beforeAll(async () => {
    server = await startDevServer({
      resources: [{ resource: APP, scopes: ['read:notes', 'write:notes'] }],
    });
    const options = oneResource(server.issuer);
    ({ url } = await startApp({ adapter, options, controllers: [NotesController] }));
  });

  afterAll(async () => {
    await stopApps();
    await server.close();
  });

  it.each([
    ['alice', 'read:notes write:notes'],
    ['bob', 'read:notes'],
  ])('is accepted as the token of %s', async (username, scope) => {
    const token = await server.issueToken(username);
    const response = await fetch(`${url}/notes`, bearer(token));
    expect(response.status).toBe(200);
    const { exp = 0, iat = 0, ...claims } = decodeJwt(token);
    expect(claims).toMatchObject({ sub: username, scope });
    expect(exp - iat).toBe(12 * 60 * 60);
  });
});

describe('a development server with other options', () => {
  const resources = [{ resource: RESOURCE, scopes: ['read:things'] }];
  const servers: DevServer[] = [];
  const start = async (options: Partial<DevServerOptions> = {}) => {
    const server = await startDevServer({ resources, ...options });
    servers.push(server);
    return server;
  };
  const portOf = ({ issuer }: DevServer) => Number(new URL(issuer).port);
  const external = Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.family === 'IPv4' && !one.internal)?.address;

  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  it.each([
    [undefined, 'localhost'],
    ['127.0.0.1', '127.0.0.1'],
    ['0.0.0.0', 'localhost'],
    ['::1', '[::1]'],
    ['::', 'localhost'],
  ])('has, for the host %s, the issuer http://%s:…', async (host, name) => {
    const { issuer } = await start({ host });
    expect(issuer).toMatch(/^http:\/\/.*:\d+$/);
    expect(new URL(issuer).hostname).toBe(name);
    expect((await fetch(`${issuer}/jwks`)).status).toBe(200);
  });

  (external === undefined ? it.skip : it)('can be reached from outside only if asked', async () => {
    const inside = await start();
    await expect(fetch(`http://${external}:${portOf(inside)}/jwks`)).rejects.toThrow();
    const outside = await start({ host: '0.0.0.0' });
    expect((await fetch(`http://${external}:${portOf(outside)}/jwks`)).status).toBe(200);
  });

  it('issues tokens without a login whatever the clients are', async () => {
    const server = await start({
      configure: (configuration) => ({ ...configuration, clients: [] }),
    });
    expect(decodeJwt(await server.issueToken('alice'))).toMatchObject({ sub: 'alice' });
  });

  it('names URLs that begin with the issuer, whatever host a request names', async () => {
    const port = await freePort();
    await start({ port, issuer: 'https://auth.dev.example' });
    const get = (path: string) =>
      fetch(`http://localhost:${port}${path}`, {
        headers: { 'x-forwarded-host': 'other.example' },
        redirect: 'manual',
      });
    const metadata = await (await get('/.well-known/oauth-authorization-server')).json();
    expect(metadata).toMatchObject({
      issuer: 'https://auth.dev.example',
      authorization_endpoint: 'https://auth.dev.example/auth',
      jwks_uri: 'https://auth.dev.example/jwks',
    });
  });

  it('frees its port with close()', async () => {
    const first = await start();
    const port = portOf(first);
    await expect(start({ port })).rejects.toMatchObject({ code: 'EADDRINUSE', port });
    await servers.pop()?.close();
    await expect(start({ port })).resolves.toMatchObject({ issuer: first.issuer });
  });

  it('frees its port if the configuration is wrong', async () => {
    const port = await freePort();
    const configure = () => ({ features: { unheardOf: { enabled: true } } }) as never;
    await expect(start({ port, configure })).rejects.toThrow('unheardOf');
    await expect(start({ port })).resolves.toBeDefined();
  });
});
