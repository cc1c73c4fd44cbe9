import { describe, expect, it } from '@jest/globals';
import type { McpAuthModuleOptions } from 'nestjs-mcp-auth';
import { RESOURCE } from '../../support/app.js';
import { expectOneMistake, failureOf, ISSUER, options } from '../../support/option-mistakes.js';

const CLOUDFLARE = {
  header: 'Cf-Access-Jwt-Assertion',
  issuer: 'https://acme.cloudflareaccess.com',
  audience: '32eafc7626e974616deaf0dc3ce63d7b',
  jwksUri: 'https://acme.cloudflareaccess.com/cdn-cgi/access/certs',
};
const PUBLIC_KEY = {
  kty: 'EC',
  crv: 'P-256',
  kid: '1',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
};
const with_ = (change: Record<string, unknown>, resource: Record<string, unknown> = {}) =>
  options({ resource: { proxyAssertion: { ...CLOUDFLARE, ...change }, ...resource } });

describe('wrong options of proxyAssertion are reported in one line with path, value and remedy', () => {
  it.each<[string, McpAuthModuleOptions, string]>([
    ['null', options({ resource: { proxyAssertion: null } }), ' must be an object'],
    [
      'the name of a proxy',
      options({ resource: { proxyAssertion: 'cloudflare' } }),
      ' must be an object',
    ],
    [
      'no header',
      with_({ header: undefined }),
      '.header must be the name of a header field, such as "Cf-Access-Jwt-Assertion" (given: nothing)',
    ],
    [
      'a header with a colon',
      with_({ header: 'a:' }),
      '.header must be the name of a header field',
    ],
    ...[
      'Authorization',
      'DPOP',
      'cookie',
      'Proxy-Authorization',
      'content-type',
      'Origin',
      'If-Match',
    ].map((header): [string, McpAuthModuleOptions, string] => [
      `the header ${header}`,
      with_({ header }),
      `.header must be a header field that only the proxy sets, such as "Cf-Access-Jwt-Assertion" (given: '${header}')`,
    ]),
    [
      'the header of an AWS load balancer',
      with_({ header: 'X-Amzn-Oidc-Data' }),
      '.header cannot be that of an AWS load balancer, which holds no JWT of RFC 7519',
    ],
    ['no issuer', with_({ issuer: undefined }), '.issuer must be a non-empty string'],
    [
      'the issuer of the authorization server',
      with_({ issuer: ISSUER }),
      ' has the issuer of an authorization server, so an access token could be taken for an assertion; set "issuer" to the issuer of the proxy',
    ],
    [
      'an issuer that is published',
      with_(
        {},
        {
          metadata: { resource: RESOURCE, authorizationServers: [() => undefined] },
          publishedIssuers: [CLOUDFLARE.issuer],
        },
      ),
      ' has the issuer of an authorization server',
    ],
    [
      'the issuer of the authorization server’s tokens',
      with_(
        {},
        {
          metadata: {
            resource: RESOURCE,
            authorizationServers: [{ issuer: ISSUER, tokenIssuer: [CLOUDFLARE.issuer] }],
          },
        },
      ),
      ' has the issuer of an authorization server',
    ],
    ['no audience', with_({ audience: undefined }), '.audience must be a non-empty string'],
    ['an empty audience', with_({ audience: [] }), '.audience must not be an empty array'],
    [
      'no keys',
      with_({ jwksUri: undefined }),
      '.jwksUri is missing, and so is "jwks"; give one of the two. Is an environment variable not set? (given: nothing)',
    ],
    [
      'both jwksUri and jwks',
      with_({ jwks: { keys: [PUBLIC_KEY] } }),
      '.jwksUri contradicts "jwks", with which nothing is fetched; remove one of the two',
    ],
    [
      'a jwksUri with http:',
      with_({ jwksUri: 'http://acme.cloudflareaccess.com/certs' }),
      '.jwksUri must use https:',
    ],
    [
      'a jwks without a key',
      with_({ jwksUri: undefined, jwks: { keys: [] } }),
      '.jwks holds no key that may verify a signature',
    ],
    [
      'trustedProxies that include every address',
      with_({ trustedProxies: ['0.0.0.0/0'] }),
      '.trustedProxies item 0 must not include every address; name the addresses of the proxy',
    ],
    [
      'an empty list of trustedProxies',
      with_({ trustedProxies: [] }),
      '.trustedProxies must contain at least one address',
    ],
    [
      'trustedProxies as a text',
      with_({ trustedProxies: '10.1.2.3' }),
      '.trustedProxies must be an array',
    ],
    [
      'a claim name that is a number',
      with_({ claims: { scopes: 1 } }),
      '.claims.scopes must be the name of a claim',
    ],
    [
      'an unknown option',
      with_({ algorithms: ['RS256'] }),
      '.algorithms is not an option; the options here are header, issuer, audience, jwksUri, jwks, trustedProxies, claims',
    ],
    [
      'allowedOrigins: "*"',
      with_({}, { allowedOrigins: '*' }),
      ' contradicts allowedOrigins: "*", because the proxy authenticates a user\'s browser for pages of any origin; list the origins that may call',
    ],
    [
      'a resource with tenants',
      with_(
        {},
        {
          metadata: { resource: `${RESOURCE}/{tenant}`, authorizationServers: [ISSUER] },
          tenants: ['a'],
        },
      ),
      ' is not available with "{tenant}" in metadata.resource, since an assertion does not name a tenant; remove this option',
    ],
  ])('%s', (_, given, problem) => {
    expectOneMistake(failureOf(given), `protectedResources.proxyAssertion${problem}`);
  });
});

describe('right options of proxyAssertion are accepted', () => {
  it.each<[string, McpAuthModuleOptions]>([
    ['of Cloudflare Access', with_({})],
    [
      'of Google IAP',
      with_({
        header: 'x-goog-iap-jwt-assertion',
        issuer: 'https://cloud.google.com/iap',
        audience: '/projects/1/apps/a',
        jwksUri: 'https://www.gstatic.com/iap/verify/public_key-jwk',
      }),
    ],
    ['with jwks', with_({ jwksUri: undefined, jwks: { keys: [PUBLIC_KEY] } })],
    ['with an issuer that is no URL', with_({ issuer: 'proxy.internal' })],
    ['with a jwksUri on localhost', with_({ jwksUri: 'http://localhost:8080/jwks' })],
    [
      'with trustedProxies and claims',
      with_({ trustedProxies: ['10.0.0.0/8', '::1'], claims: { scopes: 'groups' } }),
    ],
  ])('%s', (_, given) => {
    expect(failureOf(given)).toBeUndefined();
  });
});
