import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { All, Controller, Get, VersioningType, type INestApplication } from '@nestjs/common';
import type {
  DpopOptions,
  McpAuthModuleOptions,
  ProtectedResourceMetadataOptions,
} from 'nestjs-mcp-auth';
import { adapters, startApp, stopApps } from '../support/app.js';

@Controller()
class CatchAllController {
  @All('/*') all() {
    return { caught: true };
  }
}

@Controller('hello')
class HelloController {
  @Get() hello() {
    return 'hello';
  }
}

const ISSUER = 'https://auth.example.com';
const WELL_KNOWN = '/.well-known/oauth-protected-resource';

const resource = (
  identifier: string,
  more: Partial<ProtectedResourceMetadataOptions> = {},
  dpop?: DpopOptions,
): McpAuthModuleOptions => ({
  protectedResources: {
    dpop,
    metadata: { ...more, resource: identifier, authorizationServers: [ISSUER] },
  },
});

/** The ways to set an application up, none of which may move or hide the document. */
const surroundings: {
  name: string;
  setUp?: (app: INestApplication) => void;
  catchAll?: boolean;
}[] = [
  { name: 'a plain application' },
  { name: 'a global prefix', setUp: (app) => app.setGlobalPrefix('api') },
  { name: 'a catch-all controller', catchAll: true },
  {
    name: 'URI versioning with a prefix',
    setUp: (app) =>
      app
        .setGlobalPrefix('api')
        .enableVersioning({ type: VersioningType.URI, defaultVersion: '1' }),
  },
  {
    name: 'header versioning',
    setUp: (app) =>
      app.enableVersioning({
        type: VersioningType.HEADER,
        header: 'x-version',
        defaultVersion: '1',
      }),
  },
  {
    name: 'CORS for one origin',
    setUp: (app) => {
      app.enableCors({ origin: 'https://app.example.com' });
    },
  },
];

describe.each(adapters)('protected resource metadata, on %s', (adapter) => {
  afterEach(stopApps);

  const start = async (
    options: McpAuthModuleOptions,
    more: (typeof surroundings)[0] = { name: '' },
  ) =>
    startApp({
      adapter,
      options,
      setUp: more.setUp,
      controllers: [HelloController, ...(more.catchAll ? [CatchAllController] : [])],
    });

  it.each(surroundings)('is published at its exact path in $name', async (surrounding) => {
    const { url } = await start(resource('https://api.example.com/mcp'), surrounding);
    const response = await fetch(`${url}${WELL_KNOWN}/mcp`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      resource: 'https://api.example.com/mcp',
      authorization_servers: [ISSUER],
      bearer_methods_supported: ['header'],
    });
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('public, max-age=3600');
  });

  it.each([
    ['https://api.example.com', WELL_KNOWN],
    ['https://api.example.com/', WELL_KNOWN],
    ['https://api.example.com/a/b', `${WELL_KNOWN}/a/b`],
    ['https://api.example.com/a/', `${WELL_KNOWN}/a/`],
    ['https://api.example.com/mcp?tenant=1', `${WELL_KNOWN}/mcp?tenant=1`],
    ['https://api.example.com/a:b', `${WELL_KNOWN}/a:b`],
    ['https://api.example.com/a(b)+c', `${WELL_KNOWN}/a(b)+c`],
    ['https://api.example.com/{x}[y]!', `${WELL_KNOWN}/%7Bx%7D[y]!`],
    ['https://api.example.com/caf%C3%A9', `${WELL_KNOWN}/caf%C3%A9`],
  ])('of %s is at %s', async (identifier, path) => {
    const { url } = await start(resource(identifier));
    const response = await fetch(`${url}${path}`);
    expect(response.status).toBe(200);
    const { resource: published } = (await response.json()) as { resource: string };
    expect(published).toBe(identifier.replace(/(?<=\.com)\/$/, ''));
  });

  it('contains every field of RFC 9728, extension fields unchanged, and nothing empty', async () => {
    const fields = {
      scopesSupported: ['read', 'write'],
      bearerMethodsSupported: ['header' as const],
      jwksUri: 'https://api.example.com/jwks',
      resourceSigningAlgValuesSupported: ['ES256'],
      resourceName: 'Notes',
      'resourceName#fr': 'Carnets',
      resourceDocumentation: 'https://docs.example.com',
      resourcePolicyUri: 'https://example.com/policy',
      resourceTosUri: 'https://example.com/tos',
      tlsClientCertificateBoundAccessTokens: false,
      authorizationDetailsTypesSupported: ['payment'],
      dpopSigningAlgValuesSupported: ['ES256'],
      dpopBoundAccessTokensRequired: false,
      signedMetadata: 'eyJ.x.y',
      some_extension: { nested: [1] },
      anotherExtension: 'x',
      emptyExtension: [],
      nullExtension: null,
    };
    const dpop: DpopOptions = { mode: 'accepted', algorithms: ['ES256'] };
    const { url } = await start(resource('https://api.example.com/mcp', fields, dpop));
    expect(await (await fetch(`${url}${WELL_KNOWN}/mcp`)).json()).toEqual({
      resource: 'https://api.example.com/mcp',
      authorization_servers: [ISSUER],
      scopes_supported: ['read', 'write'],
      bearer_methods_supported: ['header'],
      jwks_uri: 'https://api.example.com/jwks',
      resource_signing_alg_values_supported: ['ES256'],
      resource_name: 'Notes',
      'resource_name#fr': 'Carnets',
      resource_documentation: 'https://docs.example.com',
      resource_policy_uri: 'https://example.com/policy',
      resource_tos_uri: 'https://example.com/tos',
      tls_client_certificate_bound_access_tokens: false,
      authorization_details_types_supported: ['payment'],
      dpop_signing_alg_values_supported: ['ES256'],
      dpop_bound_access_tokens_required: false,
      signed_metadata: 'eyJ.x.y',
      some_extension: { nested: [1] },
      anotherExtension: 'x',
    });
  });

  it('is published for each of several resources', async () => {
    const { url } = await startApp({
      adapter,
      options: {
        protectedResources: ['a', 'b'].map((name) => ({
          metadata: {
            resource: `https://api.example.com/${name}`,
            authorizationServers: [ISSUER, { issuer: `${ISSUER}/${name}` }],
          },
        })),
      },
    });
    for (const name of ['a', 'b']) {
      expect(await (await fetch(`${url}${WELL_KNOWN}/${name}`)).json()).toMatchObject({
        resource: `https://api.example.com/${name}`,
        authorization_servers: [ISSUER, `${ISSUER}/${name}`],
      });
    }
    expect((await fetch(`${url}${WELL_KNOWN}/c`)).status).toBe(404);
    expect((await fetch(`${url}${WELL_KNOWN}`)).status).toBe(404);
  });

  it.each([`${WELL_KNOWN}/other`, `${WELL_KNOWN}/mcp/more`, `${WELL_KNOWN}/%E0%A4%A`])(
    'leaves %s to the application',
    async (path) => {
      const { url } = await start(resource('https://api.example.com/mcp'));
      expect([404, 400]).toContain((await fetch(url + path)).status);
    },
  );

  it('answers HEAD as GET, without a body', async () => {
    const { url } = await start(resource('https://api.example.com'));
    const get = await send(`${url}${WELL_KNOWN}`, 'GET');
    const head = await send(`${url}${WELL_KNOWN}`, 'HEAD');
    expect(head.status).toBe(200);
    expect(head.body).toBe('');
    expect(head.headers.etag).toBe(get.headers.etag);
    expect(head.headers['content-length']).toBe(String(get.body.length));
  });

  it('answers a preflight', async () => {
    const { url } = await start(resource('https://api.example.com'));
    const { status, headers } = await send(`${url}${WELL_KNOWN}`, 'OPTIONS', {
      origin: 'https://app.example.com',
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'mcp-protocol-version',
    });
    expect(status).toBe(204);
    expect(headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, HEAD, OPTIONS',
      'access-control-allow-headers': '*',
    });
  });

  it.each([
    ['the same tag', (tag: string) => tag, 304],
    ['the tag as a weak tag', (tag: string) => `W/${tag}`, 304],
    ['the tag in a list', (tag: string) => `"x", ${tag}`, 304],
    ['any tag', () => '*', 304],
    ['another tag', () => '"x"', 200],
  ])('answers If-None-Match with %s as expected', async (_, tagOf, status) => {
    const { url } = await start(resource('https://api.example.com'));
    const { headers } = await send(`${url}${WELL_KNOWN}`, 'GET');
    const again = await send(`${url}${WELL_KNOWN}`, 'GET', {
      'if-none-match': tagOf(String(headers.etag)),
    });
    expect(again.status).toBe(status);
    expect(again.headers.etag).toBe(headers.etag);
    expect(again.body === '').toBe(status === 304);
  });

  it('is not published with `controller: false`', async () => {
    const { url } = await startApp({
      adapter,
      options: { ...resource('https://api.example.com'), controller: false },
    });
    expect((await fetch(`${url}${WELL_KNOWN}`)).status).toBe(404);
  });
});

async function send(
  url: string,
  method: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: IncomingHttpHeaders; body: string }> {
  return new Promise((resolve, reject) => {
    httpRequest(url, { method, headers }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
      });
    })
      .on('error', reject)
      .end();
  });
}

const ORIGIN = 'https://app.example.com';

describe.each(adapters)('the metadata of an application with CORS of its own, on %s', (adapter) => {
  it.each([
    ['credentials for all', { credentials: true }],
    ['credentials for whoever asks', { origin: true, credentials: true }],
    ['credentials for one origin', { origin: ORIGIN, credentials: true }],
    ['no credentials', {}],
  ])('allows every origin, and no credentials: %s', async (_, cors) => {
    const metadata = { authorizationServers: ['https://auth.example.com'] };
    const { url } = await startApp({
      adapter,
      options: {
        protectedResources: [
          { metadata: { resource: 'https://api.example.com/notes', ...metadata } },
          {
            metadata: { resource: 'https://api.example.com/t/{tenant}', ...metadata },
            tenants: ['a'],
          },
        ],
      },
      setUp: (app) => app.enableCors(cors),
    });
    const ask = async (path: string, method: string, headers = {}) => {
      const response = await fetch(`${url}${WELL_KNOWN}${path}`, {
        method,
        headers: { origin: ORIGIN, ...headers },
      });
      return [
        response.status,
        response.headers.get('access-control-allow-origin'),
        response.headers.get('access-control-allow-credentials'),
        response.headers.get('etag'),
      ];
    };
    const [status, , , etag] = await ask('/notes', 'GET');
    expect(status).toBe(200);
    expect(await ask('/notes', 'GET')).toEqual([200, '*', null, etag]);
    expect(await ask('/notes', 'HEAD')).toEqual([200, '*', null, etag]);
    expect(await ask('/notes', 'GET', { 'if-none-match': etag })).toEqual([304, '*', null, etag]);
    expect((await ask('/t/a', 'GET')).slice(0, 3)).toEqual([200, '*', null]);
    expect((await ask('/t/b', 'GET')).slice(0, 3)).toEqual([404, '*', null]);
  });
});
