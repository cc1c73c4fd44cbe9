import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import {
  AuthInfo,
  AuthorizationServerMetadataService,
  AuthorizationServerUnavailableError,
  fetchServerConfig,
  fetchServerConfigByWellKnownUrl,
  InvalidAuthorizationServerMetadataError,
  McpAuthConfigurationError,
  type AuthorizationServerOptions,
  type McpAuthModuleOptions,
} from 'nestjs-mcp-auth';
import { bearer, RESOURCE, startApp, startFailure, stopApps } from '../support/app.js';
import { badAnswers } from '../support/faults.js';
import { Issuer, json } from '../support/issuer.js';

@Controller('notes')
class NotesController {
  @Get() get(@AuthInfo('issuer') issuer: string) {
    return { issuer };
  }
}

const OIDC = '/.well-known/openid-configuration';
const OAUTH = '/.well-known/oauth-authorization-server';

let issuer: Issuer;

afterEach(async () => {
  await stopApps();
  await issuer.down();
});

const trusting = (server: AuthorizationServerOptions): McpAuthModuleOptions => ({
  protectedResources: { metadata: { resource: RESOURCE, authorizationServers: [server] } },
});

async function callWith(server: AuthorizationServerOptions): Promise<Response> {
  const { url } = await startApp({
    adapter: 'express',
    options: trusting(server),
    controllers: [NotesController],
  });
  return fetch(`${url}/notes`, bearer(await issuer.mint({ audience: RESOURCE })));
}

/** Returns a metadata document of the issuer, to publish at another URL. */
const document = () => ({ issuer: issuer.url, jwks_uri: `${issuer.url}/jwks` });

describe('discovery of an authorization server given as', () => {
  beforeEach(async () => {
    issuer = await Issuer.start({ path: '/tenant' });
  });

  const forms: [string, () => AuthorizationServerOptions | Promise<AuthorizationServerOptions>][] =
    [
      ['an issuer string', () => issuer.url],
      ['{ issuer }', () => ({ issuer: issuer.url })],
      ["{ issuer, type: 'oidc' }", () => ({ issuer: issuer.url, type: 'oidc' })],
      [
        '{ issuer, metadataUrl }',
        () => ({ issuer: issuer.url, metadataUrl: `${issuer.url}${OIDC}` }),
      ],
      [
        '{ metadata } by hand',
        () => ({ metadata: { issuer: issuer.url, jwksUri: `${issuer.url}/jwks` } }),
      ],
      ['fetchServerConfig(issuer)', () => fetchServerConfig(issuer.url)],
      [
        "fetchServerConfig(issuer, { type: 'oidc' })",
        () => fetchServerConfig(issuer.url, { type: 'oidc' }),
      ],
      [
        'fetchServerConfigByWellKnownUrl(url)',
        () =>
          fetchServerConfigByWellKnownUrl(new URL(`${issuer.url}${OIDC}`), { issuer: issuer.url }),
      ],
    ];

  it.each(forms)('%s', async (_, form) => {
    const response = await callWith(await form());
    expect(await response.json()).toEqual({ issuer: issuer.url });
  });

  it("{ issuer, type: 'oauth' }", async () => {
    issuer.answer(`${OAUTH}/tenant`, (_, response) => {
      json(response, document());
    });
    const response = await callWith({ issuer: issuer.url, type: 'oauth' });
    expect(response.status).toBe(200);
    expect(issuer.requests).toEqual([`${OAUTH}/tenant`, '/tenant/jwks']);
  });

  it('{ issuer, transformMetadata }, which may be async', async () => {
    issuer.metadata = { issuer: 'https://elsewhere.example.com' };
    const response = await callWith({
      issuer: issuer.url,
      transformMetadata: (fetched) => Promise.resolve({ ...fetched, issuer: issuer.url }),
    });
    expect(response.status).toBe(200);
  });

  it('{ issuer, transformMetadata } that returns nothing: answers 503', async () => {
    const response = await callWith({
      issuer: issuer.url,
      transformMetadata: () => undefined as never,
    });
    expect(response.status).toBe(503);
  });

  it('{ issuer, transformMetadata } that throws: answers 503', async () => {
    const response = await callWith({
      issuer: issuer.url,
      transformMetadata: () => {
        throw new Error('no');
      },
    });
    expect(response.status).toBe(503);
  });
});

describe('candidate URLs', () => {
  it.each([
    ['/tenant', [`${OAUTH}/tenant`, `${OIDC}/tenant`, `/tenant${OIDC}`]],
    ['/a/b/', [`${OAUTH}/a/b`, `${OIDC}/a/b`, `/a/b${OIDC}`]],
    ['', [OAUTH, OIDC]],
    ['/', [OAUTH, OIDC]],
  ])(
    'for an issuer with the path "%s" are tried in the order of the MCP specification',
    async (path, urls) => {
      issuer = await Issuer.start({ path });
      await expect(fetchServerConfig(issuer.url.replace('localhost', '127.0.0.1'))).rejects.toThrow(
        InvalidAuthorizationServerMetadataError,
      );
      expect(issuer.requests).toEqual(urls);
    },
  );

  it.each([
    ['404', (): [number, string] => [404, '']],
    ['HTML', (): [number, string] => [200, '<html>']],
    ['an array', (): [number, string] => [200, '[]']],
    ['no content', (): [number, string] => [204, '']],
    ['a redirect, which is not followed', (): [number, string] => [302, '']],
    ['another issuer', (): [number, string] => [200, '{"issuer":"https://other.example.com"}']],
    ['more than 1 MiB', (): [number, string] => [200, `{"x":"${'x'.repeat(1024 * 1024)}"}`]],
  ])('are skipped if they answer %s', async (_, answer) => {
    issuer = await Issuer.start();
    const [status, body] = answer();
    issuer.answer(OAUTH, (_request, response) => {
      response.writeHead(status, { location: `${issuer.url}/elsewhere` }).end(body);
    });
    const { metadata } = await fetchServerConfig(issuer.url);
    expect(metadata.issuer).toBe(issuer.url);
    expect(issuer.requests).toEqual([OAUTH, OIDC]);
  });

  it.each([
    ...['answers 500', 'answers 501', 'answers 502', 'answers 503', 'answers 429', 'answers 401'],
    ...['closes without an answer', 'hangs amid its body', 'speaks something else than HTTP'],
  ])('are all tried if the first %s', async (fault) => {
    issuer = await Issuer.start({ path: '/tenant' });
    [`${OAUTH}/tenant`, `${OIDC}/tenant`].forEach((path) => issuer.answer(path, badAnswers[fault]));
    const { metadata } = await fetchServerConfig(issuer.url, { timeout: 500 });
    expect(metadata.jwksUri).toBe(`${issuer.url}/jwks`);
    expect([...issuer.requests].sort()).toEqual(
      [`${OAUTH}/tenant`, `${OIDC}/tenant`, `/tenant${OIDC}`].sort(),
    );
  });

  it('are all tried at once if the first hangs, so that a request waits only for one timeout', async () => {
    issuer = await Issuer.start({ path: '/tenant' });
    [`${OAUTH}/tenant`, `${OIDC}/tenant`, `/tenant${OIDC}`].forEach((path) =>
      issuer.answer(path, () => undefined),
    );
    const failing = fetchServerConfig(issuer.url, { timeout: 300 });
    await expect(failing).rejects.toThrow(AuthorizationServerUnavailableError);
    await expect(failing).rejects.toThrow(/(gave no answer within 300 ms.*){3}/);
    expect(issuer.requests).toHaveLength(3);
  });

  it('make the server unavailable only if no candidate can be used', async () => {
    issuer = await Issuer.start();
    issuer.answer(OAUTH, badAnswers['answers 404']);
    issuer.answer(OIDC, badAnswers['answers 503']);
    const attempt = fetchServerConfig(issuer.url);
    await expect(attempt).rejects.toThrow(AuthorizationServerUnavailableError);
    await expect(attempt).rejects.toThrow(/answered 404.*answered 503/);
  });

  it('are all tried if the first document has no jwks_uri. It is used if no other document has a jwks_uri', async () => {
    issuer = await Issuer.start();
    issuer.answer(OAUTH, (_, response) => json(response, { issuer: issuer.url, first: true }));
    const { metadata } = await fetchServerConfig(issuer.url);
    expect(metadata.jwksUri).toBe(`${issuer.url}/jwks`);
    issuer.metadata = { jwks_uri: undefined };
    expect((await fetchServerConfig(issuer.url)).metadata).toMatchObject({ first: true });
    issuer.answer(OIDC, badAnswers['answers 503']);
    expect((await fetchServerConfig(issuer.url)).metadata).toMatchObject({ first: true });
  });

  it('are all tried if the first document lacks an introspection endpoint that is needed', async () => {
    issuer = await Issuer.start();
    issuer.answer(OAUTH, (_, response) => json(response, document()));
    issuer.answer('/introspect', (_, response) =>
      json(response, { active: true, aud: RESOURCE, client_id: 'c', exp: 9_999_999_999 }),
    );
    issuer.metadata = { introspection_endpoint: `${issuer.url}/introspect` };
    const introspection = { clientId: 'api', clientSecret: 'secret' };
    const { url } = await startApp({
      adapter: 'express',
      options: trusting({ issuer: issuer.url, introspection }),
      controllers: [NotesController],
    });
    expect((await fetch(`${url}/notes`, bearer('opaque'))).status).toBe(200);
    expect(issuer.requests).toEqual([OAUTH, OIDC, '/introspect']);
  });
});

describe('discovered metadata', () => {
  beforeEach(async () => {
    issuer = await Issuer.start();
  });

  it('keeps known and unknown fields, in camelCase', async () => {
    issuer.metadata = {
      some_new_field: { inner_name: [1] },
      mtls_endpoint_aliases: { token_endpoint: 'x' },
    };
    const { metadata } = await fetchServerConfig(issuer.url);
    expect(metadata).toMatchObject({
      issuer: issuer.url,
      jwksUri: `${issuer.url}/jwks`,
      codeChallengeMethodsSupported: ['S256'],
      someNewField: { inner_name: [1] },
      mtlsEndpointAliases: { token_endpoint: 'x' },
    });
  });

  it.each([
    ['the issuer of someone else', { issuer: 'https://other.example.com' }, 'of another issuer'],
    ['the issuer with a slash', { issuer: '{issuer}/' }, 'of another issuer'],
    ['an issuer that is not a string', { issuer: 1 }, 'not a string'],
    ['a jwks_uri over http:', { jwks_uri: 'http://keys.example.com' }, 'must use https:'],
    [
      'a jwks_uri of another scheme',
      { jwks_uri: 'file:///etc/passwd' },
      'must use the scheme https:, not file:',
    ],
    ['a jwks_uri that is not a string', { jwks_uri: 1 }, 'must be an absolute URL'],
  ])('is rejected with %s', async (_, metadata, message) => {
    issuer.metadata = JSON.parse(
      JSON.stringify(metadata).replace('{issuer}', issuer.url),
    ) as Record<string, unknown>;
    const attempt = fetchServerConfig(issuer.url);
    await expect(attempt).rejects.toThrow(InvalidAuthorizationServerMetadataError);
    await expect(attempt).rejects.toThrow(message);
    expect((await callWith(issuer.url)).status).toBe(503);
    expect(issuer.count('/jwks')).toBe(0);
  });

  it('takes jwks_uri from the field of that exact name', async () => {
    issuer.metadata = { jwksUri: 'https://evil.example.com/jwks' };
    expect((await fetchServerConfig(issuer.url)).metadata.jwksUri).toBe(`${issuer.url}/jwks`);
  });

  it('is not requested at an insecure URL', async () => {
    const attempt = fetchServerConfig('http://auth.example.com');
    await expect(attempt).rejects.toThrow(McpAuthConfigurationError);
    await expect(attempt).rejects.toThrow('issuer must use https:');
    await expect(
      fetchServerConfigByWellKnownUrl('ftp://x', { issuer: 'https://auth.example.com' }),
    ).rejects.toThrow('wellKnownUrl must use the scheme https:, not ftp:');
  });

  it('is not awaited longer than fetchTimeout', async () => {
    await expect(fetchServerConfig(issuer.url, { timeout: 0 })).rejects.toThrow('timeout must be');
  });

  it('is available from the injectable service', async () => {
    const { app } = await startApp({ adapter: 'express', options: trusting(issuer.url) });
    const service = app.get(AuthorizationServerMetadataService);
    expect(service.issuers).toEqual([issuer.url]);
    const metadata = await service.get(issuer.url);
    expect(metadata.tokenEndpoint).toBe(`${issuer.url}/token`);
    expect(await service.get(issuer.url)).toBe(metadata);
    expect(issuer.count(OIDC)).toBe(1);
    issuer.metadata = { token_endpoint: 'https://new.example.com' };
    expect((await service.refresh(issuer.url)).tokenEndpoint).toBe('https://new.example.com');
    await expect(service.get('https://unknown.example.com')).rejects.toThrow(
      McpAuthConfigurationError,
    );
  });
});

describe("the option discovery: 'eager'", () => {
  beforeEach(async () => {
    issuer = await Issuer.start();
  });

  const eager = (server: AuthorizationServerOptions) => ({
    options: { ...trusting(server), discovery: 'eager' as const },
    controllers: [NotesController],
  });

  it('fetches at start-up everything that the first token needs', async () => {
    const { url } = await startApp({ adapter: 'express', ...eager(issuer.url) });
    const before = issuer.requests.length;
    expect(before).toBe(3);
    const response = await fetch(`${url}/notes`, bearer(await issuer.mint({ audience: RESOURCE })));
    expect(response.status).toBe(200);
    expect(issuer.requests).toHaveLength(before);
  });

  it.each([
    [
      'the server cannot be reached',
      async () => {
        await issuer.down();
      },
      'is unavailable',
    ],
    [
      'the metadata is of another issuer',
      async () => {
        issuer.metadata = { issuer: 'https://x.example.com' };
      },
      'of another issuer',
    ],
    [
      'the JWK Set cannot be fetched',
      async () => {
        issuer.answer('/jwks', (_, response) => response.writeHead(404).end());
      },
      'answered 404',
    ],
    [
      'the JWK Set has no key for signatures',
      async () => {
        issuer.answer('/jwks', (_, response) => {
          json(response, { keys: [{ kty: 'oct', k: 'x' }] });
        });
      },
      'no key that may verify',
    ],
  ])('stops the start if %s', async (_, fault, message) => {
    await fault();
    const failure = await startFailure(eager(issuer.url));
    expect(failure?.message).toContain(message);
    expect(failure?.message.split('\n')).toHaveLength(1);
  });

  it('is not the default: by default, the start does not wait for any server', async () => {
    await issuer.down();
    expect(await startFailure({ options: trusting(issuer.url) })).toBeUndefined();
  });
});
