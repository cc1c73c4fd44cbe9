import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { metadataUrls } from '../../lib/authorization-server/metadata/metadata-url.js';
import { pathKey } from '../../lib/url/path-key.js';
import { matchesEntityTag } from '../../lib/protected-resource/documents/entity-tag.js';
import { isLoopback } from '../../lib/url/loopback.js';
import { withoutTrailingSlash } from '../../lib/url/resource-identifier.js';
import { secureUrlProblem } from '../../lib/url/secure-url.js';
import { insertWellKnown } from '../../lib/url/well-known-url.js';

describe('isLoopback', () => {
  it.each([
    'localhost',
    'app.localhost',
    '127.0.0.1',
    '127.255.1.2',
    '[::1]',
    '127.1',
    '0x7f000001',
  ])('is so for %s', (host) => {
    expect(isLoopback(new URL(`http://${host}/`))).toBe(true);
  });

  it.each([
    'localhost.example.com',
    'notlocalhost',
    '128.0.0.1',
    '127.0.0.1.example.com',
    '0.0.0.0',
    '[::2]',
    '10.0.0.1',
  ])('is not so for %s', (host) => {
    expect(isLoopback(new URL(`http://${host}/`))).toBe(false);
  });
});

describe('secureUrlProblem', () => {
  it('never throws, and lets through only https: or loopback http:, without credentials and fragment', () => {
    const url = fc.oneof(
      fc.webUrl({ withFragments: true, withQueryParameters: true }),
      fc.anything(),
    );
    fc.assert(
      fc.property(url, (value) => {
        if (secureUrlProblem(value) === undefined) {
          const { protocol, username, password, hash } = new URL(value as string);
          expect(['https:', 'http:']).toContain(protocol);
          expect([username, password, hash]).toEqual(['', '', '']);
        }
      }),
    );
  });
});

describe('insertWellKnown', () => {
  it('keeps origin, path and query', () => {
    fc.assert(
      fc.property(
        fc.webUrl({ withQueryParameters: true, validSchemes: ['https'] }),
        (identifier) => {
          const given = new URL(identifier);
          const url = new URL(insertWellKnown(identifier, 'oauth-protected-resource'));
          expect([url.origin, url.search]).toEqual([given.origin, given.search]);
          const path = given.pathname === '/' ? '' : given.pathname;
          expect(url.pathname).toBe(`/.well-known/oauth-protected-resource${path}`);
        },
      ),
    );
  });
});

describe('metadataUrls', () => {
  it.each([
    [
      'oauth' as const,
      'https://a.example.com/t',
      ['https://a.example.com/.well-known/oauth-authorization-server/t'],
    ],
    [
      'oidc' as const,
      'https://a.example.com/t',
      ['https://a.example.com/t/.well-known/openid-configuration'],
    ],
    [
      'oidc' as const,
      'https://a.example.com/t/',
      ['https://a.example.com/t/.well-known/openid-configuration'],
    ],
    [
      'oauth' as const,
      'https://a.example.com',
      ['https://a.example.com/.well-known/oauth-authorization-server'],
    ],
  ])('of type %s for %s', (type, issuer, urls) => {
    expect(metadataUrls(issuer, type)).toEqual(urls);
  });
});

describe('withoutTrailingSlash', () => {
  it.each([
    ['https://a.example.com/', 'https://a.example.com'],
    ['https://a.example.com', 'https://a.example.com'],
    ['https://a.example.com/x/', 'https://a.example.com/x/'],
    ['https://a.example.com:8443/', 'https://a.example.com:8443'],
    ['https://a.example.com/?x', 'https://a.example.com/?x'],
  ])('of %s is %s', (given, expected) => {
    expect(withoutTrailingSlash(given)).toBe(expected);
  });
});

describe('pathKey', () => {
  it.each([
    ['/', '/'],
    ['/A/b', '/a/b'],
    ['/a/', '/a'],
    ['/caf%C3%A9', '/café'],
    ['/a%2Fb', '/a%2fb'],
  ])('of %s is %s', (path, key) => {
    expect(pathKey(path)).toBe(key);
  });
});

describe('matchesEntityTag', () => {
  it.each([
    [undefined, false],
    ['', false],
    ['"a"', true],
    ['W/"a"', true],
    ['"b" , W/"a"', true],
    ['a', false],
    ['*', true],
  ])('If-None-Match: %s is %s', (header, expected) => {
    expect(matchesEntityTag(header, '"a"')).toBe(expected);
  });
});
