import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, type LoggerService } from '@nestjs/common';
import { AuthInfo, type ProtectedResourceOptions } from 'nestjs-mcp-auth';
import {
  adapters,
  oneResource,
  RESOURCE,
  startApp,
  startFailure,
  stopApps,
} from '../support/app.js';
import { Issuer } from '../support/issuer.js';

const ISSUER = 'https://auth.example.com';
const WELL_KNOWN = '/.well-known/oauth-protected-resource/notes';
const ROOT = '/.well-known/oauth-protected-resource';

@Controller()
class NotesController {
  @Get('notes') list(@AuthInfo('resourceMetadataUrl') url: string) {
    return { url };
  }

  @Get(['api/:one', 'api/:one/:two']) rest() {
    return {};
  }
}

describe.each(adapters)('the URL of the metadata, on %s', (adapter) => {
  afterEach(stopApps);

  const start = async (more: Partial<ProtectedResourceOptions>, issuer = ISSUER) => {
    const { url } = await startApp({
      adapter,
      options: oneResource(issuer, more),
      controllers: [NotesController],
    });
    return {
      documentAt: async (path: string) => {
        const response = await fetch(url + path);
        const body = (await response.json()) as { resource?: string };
        return response.status === 200 ? body.resource : response.status;
      },
      challenge: async () => (await fetch(`${url}/notes`)).headers.get('www-authenticate'),
      url,
    };
  };

  it('can be configured, for an ingress that routes only a prefix', async () => {
    const metadataUrl = 'https://api.example.com/api/notes-metadata';
    const issuer = await Issuer.start();
    const { documentAt, challenge, url } = await start({ metadataUrl }, issuer.url);
    expect(await challenge()).toBe(`Bearer resource_metadata="${metadataUrl}"`);
    expect(await documentAt('/api/notes-metadata')).toBe(RESOURCE);
    expect(await documentAt(WELL_KNOWN)).toBe(RESOURCE);
    // No other path has the document. The application's own route answers there, and needs a token.
    expect(await documentAt('/api/notes-metadata/more')).toBe(401);
    expect(await documentAt('/notes')).toBe(401);
    const token = await issuer.mint({ audience: RESOURCE });
    const headers = { authorization: `Bearer ${token}` };
    expect(await (await fetch(`${url}/notes`, { headers })).json()).toEqual({ url: metadataUrl });
    await issuer.down();
  });

  it('can be configured with metadataPath, for a proxy that removes a prefix', async () => {
    const { documentAt, challenge } = await start({
      metadataUrl: 'https://api.example.com/api/metadata',
      metadataPath: '/metadata',
    });
    expect(await challenge()).toContain('"https://api.example.com/api/metadata"');
    expect(await documentAt('/metadata')).toBe(RESOURCE);
    expect(await documentAt('/api/metadata')).toBe(401);
  });

  it('is also at the root with metadataAtRoot, for clients that look only at the root', async () => {
    const { documentAt, challenge } = await start({ metadataAtRoot: true });
    expect(await challenge()).toContain(`"https://api.example.com${WELL_KNOWN}"`);
    expect(await documentAt(ROOT)).toBe(RESOURCE);
    expect(await documentAt(WELL_KNOWN)).toBe(RESOURCE);
    expect(await documentAt(`${ROOT}/other`)).toBe(404);
  });

  it('is not at the root by default', async () => {
    const { documentAt } = await start({});
    expect(await documentAt(ROOT)).toBe(404);
  });
});

const api = (path: string, more: Partial<ProtectedResourceOptions> = {}) => ({
  metadata: { resource: `https://api.example.com${path}`, authorizationServers: [ISSUER] },
  ...more,
});

describe('an invalid URL of the metadata stops the start', () => {
  it.each<[string, ProtectedResourceOptions[], RegExp]>([
    [
      'an http: URL',
      [api('/notes', { metadataUrl: 'http://api.example.com/m' })],
      /metadataUrl must use https:/,
    ],
    [
      'a URL with a query',
      [api('/notes', { metadataUrl: 'https://a.example.com/m?x' })],
      /metadataUrl .*query/,
    ],
    ['a number', [api('/notes', { metadataUrl: 5 as never })], /metadataUrl /],
    [
      'metadataPath without metadataUrl',
      [api('/notes', { metadataPath: '/m' })],
      /metadataPath has no effect without/,
    ],
    [
      'a path that is a URL',
      [api('/notes', { metadataUrl: 'https://a.example.com/m', metadataPath: 'https://x/m' })],
      /metadataPath must be a path/,
    ],
    [
      'a resource with tenants',
      [api('/{tenant}/notes', { metadataUrl: 'https://a.example.com/m', tenants: ['acme'] })],
      /metadataUrl has no effect with "\{tenant\}"/,
    ],
    [
      'metadataAtRoot at two resources',
      [api('/a', { metadataAtRoot: true }), api('/b', { metadataAtRoot: true })],
      /would publish two metadata documents at "\/\.well-known\/oauth-protected-resource"/,
    ],
    [
      'metadataAtRoot next to a resource at the root',
      [api('/a', { metadataAtRoot: true }), api('')],
      /two metadata doc/,
    ],
    [
      'one URL for two resources',
      ['/a', '/b'].map((path) => api(path, { metadataUrl: 'https://api.example.com/m' })),
      /two metadata documents at "\/m"/,
    ],
  ])('%s', async (_, protectedResources, problem) => {
    expect((await startFailure({ options: { protectedResources } }))?.message).toMatch(problem);
  });
});

describe('start-up warnings about settings that MCP advises against', () => {
  afterEach(stopApps);

  it.each<[string, Partial<ProtectedResourceOptions>, string[]]>([
    ['no authorization server', { publishedIssuers: [] }, ['(publishedIssuers: [])']],
    [
      'offline_access',
      {
        metadata: {
          resource: RESOURCE,
          authorizationServers: [ISSUER],
          scopesSupported: ['read', 'offline_access'],
        },
      },
      ['lists "offline_access" in scopesSupported'],
    ],
    ['no warnings for good settings', {}, []],
  ])('%s', async (_, more, expected) => {
    const warnings: string[] = [];
    const ignore = () => undefined;
    const warn = (message: string) => void warnings.push(message);
    const logger: LoggerService = { log: ignore, error: ignore, warn };
    await startApp({ adapter: 'express', options: oneResource(ISSUER, more), nest: { logger } });
    expect(warnings).toEqual(expected.map((text) => expect.stringContaining(text) as unknown));
  });
});
