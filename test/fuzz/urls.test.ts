import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { metadataUrls } from '../../lib/authorization-server/metadata/metadata-url.js';
import { issuerIdentifier, resourceIdentifier } from '../../lib/options/constraints/urls.js';
import { pathKey } from '../../lib/url/path-key.js';
import { normalizedHttpUri, requestUri } from '../../lib/url/http-uri.js';
import { withoutTrailingSlash } from '../../lib/url/resource-identifier.js';
import { secureUrlProblem } from '../../lib/url/secure-url.js';
import { adapters, startApp, stopApps } from '../support/app.js';
import { anyText, jsonWith, nearly, nearlyUrl, TIME_LIMIT } from './arbitraries.js';

const any = fc.oneof(
  { weight: 5, arbitrary: nearlyUrl },
  { weight: 1, arbitrary: anyText },
  { weight: 1, arbitrary: jsonWith(['href'], ['https://example.com']) },
);

/** A host name or address that always leads to this machine, as `URL` writes it. */
const LOOPBACK = /^(?:localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

describe('a URL of the options', () => {
  it('is accepted only if absolute and secure, without credentials and fragment', () => {
    let taken = 0;
    fc.assert(
      fc.property(any, (value) => {
        if (secureUrlProblem(value) !== undefined) {
          return;
        }
        taken++;
        const text = value as string;
        const { protocol, hostname, username, password } = new URL(text);
        expect([username, password]).toEqual(['', '']);
        expect(text).not.toMatch(/[\s#]/);
        expect(protocol === 'https:' || LOOPBACK.test(hostname)).toBe(true);
      }),
    );
    expect(taken).toBeGreaterThan(0);
  });

  it('as an issuer has its metadata at a well-known path on its own origin', () => {
    fc.assert(
      fc.property(nearlyUrl, fc.constantFrom('oidc' as const, 'oauth' as const), (issuer, type) => {
        if (issuerIdentifier(issuer, {}) !== undefined) {
          return;
        }
        for (const url of [...metadataUrls(issuer), ...metadataUrls(issuer, type)]) {
          const { origin, pathname, hash, search } = new URL(url);
          expect([origin, hash, search]).toEqual([new URL(issuer).origin, '', '']);
          expect(pathname).toMatch(
            /\/\.well-known\/(?:oauth-authorization-server|openid-configuration)(?:\/|$)/,
          );
        }
      }),
    );
  });
});

describe('a request URI', () => {
  it('stays on the origin and path of its base, for any target', () => {
    const target = nearly(
      fc.constantFrom('/notes?a#b', '/', '//evil.com/x', '/a/../b', '/%2e%2e/b'),
    );
    fc.assert(
      fc.property(fc.oneof(target, anyText), (given) => {
        const uri = requestUri('https://api.example.com/base', given);
        if (uri !== undefined) {
          expect(uri.startsWith('https://api.example.com/base')).toBe(true);
          expect(normalizedHttpUri(uri)).toBe(uri);
        }
      }),
    );
  });

  it('stays the same when it is normalized again', () => {
    fc.assert(
      fc.property(fc.oneof(nearlyUrl, anyText), (given) => {
        const uri = normalizedHttpUri(given);
        expect(uri === undefined || normalizedHttpUri(uri) === uri).toBe(true);
      }),
    );
  });
});

/** Returns the `resource` that an application publishes to a client of `resource`. */
async function publishedFor(resource: string, url: string): Promise<unknown> {
  const { pathname, search } = new URL(resource);
  const path = `/.well-known/oauth-protected-resource${pathname === '/' ? '' : pathname}`;
  const response = await fetch(url + path + search);
  const body = await response.text();
  return response.ok ? (JSON.parse(body) as { resource: string }).resource : response.status;
}

describe.each(adapters)('a resource identifier, on %s', (adapter) => {
  afterEach(stopApps);

  it(
    'that is accepted has its metadata at its well-known URL',
    async () => {
      const identifier = nearlyUrl.filter((url) => resourceIdentifier(url, {}) === undefined);
      const identifiers = fc.uniqueArray(identifier, {
        minLength: 20,
        maxLength: 40,
        selector: (url) => pathKey(new URL(url).pathname),
      });
      const { numRuns = 100 } = fc.readConfigureGlobal();
      await fc.assert(
        fc.asyncProperty(identifiers, async (resources) => {
          const { url } = await startApp({
            adapter,
            options: {
              protectedResources: resources.map((resource) => ({
                metadata: { resource, authorizationServers: ['https://auth.example.com'] },
              })),
            },
            nest: { forceCloseConnections: true },
          });
          const found = await Promise.all(resources.map((resource) => publishedFor(resource, url)));
          await stopApps();
          expect(found).toEqual(resources.map(withoutTrailingSlash));
        }),
        { numRuns: Math.ceil(numRuns / 50) },
      );
    },
    TIME_LIMIT,
  );
});
