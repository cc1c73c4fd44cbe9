import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { decodeJwt } from 'jose';
import {
  startAuthorizationServer,
  type AuthorizationServer,
} from '../../sample/authorization-server/start-authorization-server.js';
import { Browser } from '../../sample/todo-manager/walk-through/browser.js';

const RESOURCE = 'http://localhost:1/mcp';
const CALLBACK = 'http://127.0.0.1/callback';
const ADA = { username: 'ada', password: 'lovelace', scopes: ['read:things'] };
const VERIFIER = 'a'.repeat(43);

/** What the sample's own authorization server refuses, so that nobody learns a bad habit from it. */
describe('the development authorization server', () => {
  let server: AuthorizationServer;
  let clientId: string;

  beforeAll(async () => {
    server = await startAuthorizationServer({
      port: 0,
      resources: [{ resource: RESOURCE, scopes: ['read:things', 'write:things'] }],
      users: [ADA],
    });
    const registration = await fetch(`${server.issuer}/reg`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        client_name: '<script>alert(1)</script>',
        redirect_uris: [CALLBACK],
        token_endpoint_auth_method: 'none',
        // An MCP client names the scopes of the day; they must not become its limit.
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

  /** The pages as a person sees them, one after the other. */
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
  ])('issues a token without scopes to a client that asks for %s', async (_, scope) => {
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

  it('asks for consent, showing the resource and the redirect target', async () => {
    const open = reader();
    const [login] = await open(authorizationUrl());
    const [, consent] = await open(login, { username: ADA.username, password: ADA.password });
    const text = await consent.text();
    expect(consent.status).toBe(200);
    expect(text).toContain(`<code>${RESOURCE}</code>`);
    expect(text).toContain(`<code>${CALLBACK}</code>`);
    expect(text).toMatch(/value="deny"\s+class="secondary"/);
  });

  it('asks for consent with the default resource for a client that names none', async () => {
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
    expect(await response.text()).toContain('interaction session id cookie not found');
  });
});
