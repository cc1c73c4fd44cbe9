import { afterEach, describe, expect, it } from '@jest/globals';
import {
  Controller,
  Get,
  Injectable,
  Module,
  Post,
  type LoggerService,
  type Type,
} from '@nestjs/common';
import {
  McpAuthConfigurationError,
  McpAuthModule,
  McpEndpoint,
  MemoryStateStore,
  OptionalAuth,
  Public,
  RequireScopes,
  Resource,
  type McpAuthModuleOptions,
  type McpAuthOptionsFactory,
} from 'nestjs-mcp-auth';
import { Test } from '@nestjs/testing';
import { oneResource, RESOURCE, startApp, startFailure, stopApps } from '../support/app.js';

const ISSUER = 'https://auth.example.com';

/** Options as a user may write them, types aside. */
const options = (change: {
  metadata?: Record<string, unknown>;
  resource?: Record<string, unknown>;
  module?: Record<string, unknown>;
}) =>
  ({
    protectedResources: {
      metadata: { resource: RESOURCE, authorizationServers: [ISSUER], ...change.metadata },
      ...change.resource,
    },
    ...change.module,
  }) as unknown as McpAuthModuleOptions;

/** A store that a client of some database may be behind. */
const sharedStore = { firstTime: () => true, put: () => undefined, get: () => [] };

const twoResources = (a: string, b: string) =>
  ({
    protectedResources: [a, b].map((resource) => ({
      metadata: { resource, authorizationServers: [ISSUER] },
    })),
  }) as McpAuthModuleOptions;

/** What is wrong with `dpop`, and the rest of the line. */
const dpopMistakes = (
  [
    [
      'a mode that is none',
      'on',
      ".dpop.mode must be one of: off, accepted, required (given: 'on')",
    ],
    ['no mode', {}, '.dpop.mode must be one of: off, accepted, required (given: nothing)'],
    [
      'a symmetric algorithm of proofs',
      { mode: 'accepted', algorithms: ['HS256'] },
      `.dpop.algorithms item 0 must be one of: RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA, Ed25519 (given: [ 'HS256' ])`,
    ],
    [
      'no algorithm of proofs',
      { mode: 'accepted', algorithms: [] },
      '.dpop.algorithms must not be an empty array (given: [])',
    ],
    ...[0, 601, Infinity].map(
      (proofLifetime) =>
        [
          `proofs of ${proofLifetime} seconds`,
          { mode: 'accepted', proofLifetime },
          `.dpop.proofLifetime must be a number of seconds above 0 and at most 600 (given: ${proofLifetime})`,
        ] as const,
    ),
    [
      'a secret that can be guessed, which is not told',
      { mode: 'accepted', nonce: true, nonceSecret: 'short' },
      '.dpop.nonceSecret must be a string of at least 32 characters, such as 32 random bytes in base64',
    ],
    [
      'a secret for nothing',
      { mode: 'accepted', nonceSecret: 'x'.repeat(32) },
      '.dpop.nonceSecret has no effect without nonce: true; add that',
    ],
    [
      'a public URL with a query',
      { mode: 'accepted', publicUrl: 'https://api.example.com?x' },
      `.dpop.publicUrl must not have a query; remove "?" and what follows (given: 'https://api.example.com?x')`,
    ],
    [
      'a public URL without encryption',
      { mode: 'accepted', publicUrl: 'http://api.example.com' },
      `.dpop.publicUrl must use https: (http: is accepted only for a loopback host such as localhost) (given: 'http://api.example.com')`,
    ],
  ] as const
).map(([name, dpop, rest]): [string, McpAuthModuleOptions, string] => [
  name,
  options({ resource: { dpop } }),
  `protectedResources${rest}`,
]);

const clientCertificateMistakes = (
  [
    ['a word', 'mtls', ' must be an object'],
    [
      'a header that nobody is trusted for',
      { header: 'Client-Cert' },
      '.header is believed of nobody without "trustedProxies"; name the addresses of the proxy there',
    ],
    [
      'no name of a header',
      { header: 'Client Cert', trustedProxies: ['10.0.0.1'] },
      '.header must be the name of a header field, such as "Client-Cert"',
    ],
    [
      'proxies without a header',
      { trustedProxies: ['10.0.0.1'] },
      '.trustedProxies has no effect without "header"; add that, or leave this out',
    ],
    [
      'no proxy',
      { header: 'Client-Cert', trustedProxies: [] },
      '.trustedProxies must hold at least one address',
    ],
    ...['0.0.0.0/0', '::/0'].map(
      (everybody) =>
        [
          `everybody as a proxy: ${everybody}`,
          { header: 'Client-Cert', trustedProxies: [everybody] },
          '.trustedProxies item 0 must not be everybody; name the addresses of the proxy',
        ] as const,
    ),
    ...[
      'proxy.example.com',
      '10.0.0.0/33',
      '10.0.0.0/8/8',
      '10.0.0.0/',
      'fe80::1%eth0',
      ['::1'],
    ].map(
      (address) =>
        [
          `no address of a proxy: ${String(address)}`,
          { header: 'Client-Cert', trustedProxies: [address] },
          '.trustedProxies item 0 must be an IP address or a subnet, such as "10.1.2.3" or "10.0.0.0/8"',
        ] as const,
    ),
    [
      'an unknown format',
      { header: 'Client-Cert', format: 'pem', trustedProxies: ['::1'] },
      '.format must be one of: rfc9440, url-encoded-pem, base64-der',
    ],
  ] as const
).map(([name, clientCertificate, rest]): [string, McpAuthModuleOptions, string] => [
  `clientCertificate: ${name}`,
  options({ resource: { clientCertificate } }),
  `protectedResources.clientCertificate${rest}`,
]);

/** Metadata by hand that says something else than `dpop` does. */
const contradictions = (
  [
    ['dpopSigningAlgValuesSupported', ['ES256'], 'off'],
    ['dpopSigningAlgValuesSupported', ['RS256'], { mode: 'accepted', algorithms: ['ES256'] }],
    ['dpopBoundAccessTokensRequired', true, 'accepted'],
    ['dpopBoundAccessTokensRequired', false, 'required'],
  ] as const
).map(([field, value, dpop]): [string, McpAuthModuleOptions, string] => [
  `${field} against dpop: ${JSON.stringify(dpop)}`,
  options({ metadata: { [field]: value }, resource: { dpop } }),
  `protectedResources.metadata contradicts the option "dpop" of the resource with ${field}; remove that, it is published as the option says`,
]);

afterEach(stopApps);

describe('wrong options stop the start with one line that names the path, the value and the remedy', () => {
  const URL_REMEDY =
    'must be an absolute URL with scheme and host, such as "https://example.com/path"';
  const SCOPE_REMEDY =
    'must be a single scope: printable ASCII without a space, a double quote or a backslash';

  it.each([
    [
      'no protected resource',
      {} as McpAuthModuleOptions,
      'protectedResources must be a protected resource or an array of them (given: nothing)',
    ],
    [
      'an empty array of them',
      { protectedResources: [] },
      'protectedResources must hold at least one protected resource (given: [])',
    ],
    ...dpopMistakes,
    ...contradictions,
    ...clientCertificateMistakes,
    [
      'no metadata',
      { protectedResources: {} } as never,
      'protectedResources.metadata must be an object with at least "resource" and "authorizationServers" (given: nothing)',
    ],
    [
      'no resource',
      options({ metadata: { resource: undefined } }),
      `protectedResources.metadata.resource ${URL_REMEDY} (given: nothing)`,
    ],
    [
      'a relative URL',
      options({ metadata: { resource: '/notes' } }),
      `protectedResources.metadata.resource ${URL_REMEDY} (given: '/notes')`,
    ],
    [
      'http: beyond loopback',
      options({ metadata: { resource: 'http://api.example.com' } }),
      "protectedResources.metadata.resource must use https: (http: is accepted only for a loopback host such as localhost); put a proxy with a certificate before the application; while you develop, call it by localhost (given: 'http://api.example.com')",
    ],
    [
      'a fragment',
      options({ metadata: { resource: `${RESOURCE}#a` } }),
      `protectedResources.metadata.resource must not have a fragment; remove "#" and what follows (given: '${RESOURCE}#a')`,
    ],
    [
      'an empty fragment',
      options({ metadata: { resource: `${RESOURCE}#` } }),
      `protectedResources.metadata.resource must not have a fragment; remove "#" and what follows (given: '${RESOURCE}#')`,
    ],
    [
      'a password',
      options({ metadata: { resource: 'https://a:b@example.com' } }),
      "protectedResources.metadata.resource must not hold a user name or password (given: 'https://…@example.com')",
    ],
    [
      'no authorization server',
      options({ metadata: { authorizationServers: [] } }),
      'protectedResources.metadata.authorizationServers must be an array with at least one authorization server, or a resolver (given: [])',
    ],
    [
      'authorization servers left out',
      options({ metadata: { authorizationServers: undefined } }),
      'protectedResources.metadata.authorizationServers must be an array with at least one authorization server, or a resolver (given: nothing)',
    ],
    [
      'a duplicate issuer',
      options({ metadata: { authorizationServers: [ISSUER, { issuer: ISSUER, type: 'oidc' }] } }),
      `protectedResources.metadata.authorizationServers names the issuer "${ISSUER}" twice; remove one of the two`,
    ],
    [
      'an issuer with a query',
      options({ metadata: { authorizationServers: [`${ISSUER}?a`] } }),
      `protectedResources.metadata.authorizationServers[0].issuer must not have a query; remove "?" and what follows (given: '${ISSUER}?a')`,
    ],
    [
      'an issuer over http:',
      options({ metadata: { authorizationServers: ['http://auth.example.com'] } }),
      "protectedResources.metadata.authorizationServers[0].issuer must use https: (http: is accepted only for a loopback host such as localhost); on a network that you trust, such as between containers, set allowInsecureRequests: true for this authorization server (given: 'http://auth.example.com')",
    ],
    [
      'an authorization server that is null',
      options({ metadata: { authorizationServers: [null] } }),
      'protectedResources.metadata.authorizationServers',
    ],
    [
      'an authorization server that is undefined, as from an unset variable',
      options({ metadata: { authorizationServers: [undefined] } }),
      'protectedResources.metadata.authorizationServers holds an authorization server that is missing; is an environment variable not set? (given: [ undefined ])',
    ],
    [
      'one authorization server instead of an array',
      options({ metadata: { authorizationServers: ISSUER } }),
      'protectedResources.metadata.authorizationServers must be an array with at least one authorization server',
    ],
    [
      'jwt that is null',
      options({ resource: { jwt: null } }),
      'protectedResources.jwt must be an object',
    ],
    [
      'audience that is null',
      options({ resource: { audience: null } }),
      'protectedResources.audience must be a non-empty string (given: null)',
    ],
    [
      'a time-out that is null',
      options({ module: { fetchTimeout: null } }),
      'fetchTimeout must be a whole number',
    ],
    [
      'a time-out with a fraction',
      options({ module: { fetchTimeout: 2500.5 } }),
      'fetchTimeout must be a whole number',
    ],
    [
      'a time-out beyond measure',
      options({ module: { fetchTimeout: 5e9 } }),
      'fetchTimeout must be a whole number',
    ],
    [
      'an allowed origin with a path',
      options({ resource: { allowedOrigins: ['https://app.example.com/'] } }),
      'protectedResources.allowedOrigins item 0 must be an origin as browsers send it',
    ],
    [
      'an allowed origin that is no list',
      options({ resource: { allowedOrigins: 'https://app.example.com' } }),
      'protectedResources.allowedOrigins must be an array',
    ],
    [
      'a token cache that is neither options nor false',
      options({ module: { tokenCache: true } }),
      'tokenCache must be an object, or false',
    ],
    [
      'a token cache of no tokens',
      options({ module: { tokenCache: { max: 0 } } }),
      'tokenCache.max must be a whole number from 1 to 1000000 (given: 0)',
    ],
    [
      'a token cache that forgets at once',
      options({ module: { tokenCache: { ttl: 0 } } }),
      'tokenCache.ttl must be a number above 0 (given: 0)',
    ],
    [
      'a token cache with a misspelt option',
      options({ module: { tokenCache: { maxx: 5 } } }),
      'tokenCache.maxx is not an option; did you mean "max"?',
    ],
    [
      'a store that is a client of Redis',
      options({ module: { store: { get: () => '', set: () => '' } } }),
      'store must be a StateStore, such as new RedisStateStore(client); it lacks the methods: firstTime, put',
    ],
    [
      'a store that is a class',
      options({ module: { store: MemoryStateStore } }),
      'store must be a StateStore, such as new RedisStateStore(client); it lacks the methods: firstTime, put, get',
    ],
    [
      'a store of several instances with nonces that differ in each',
      options({
        resource: { dpop: { mode: 'accepted', nonce: true } },
        module: { store: sharedStore },
      }),
      `store is shared by several instances, while "dpop" of ${RESOURCE} has nonce: true without nonceSecret, so that each instance would refuse the nonces of the others; set dpop.nonceSecret to at least 32 characters`,
    ],
    [
      'a store that is missing',
      options({ module: { store: null } }),
      'store must be a StateStore, such as new RedisStateStore(client); it lacks the methods: firstTime, put, get',
    ],
    [
      'revocation that is neither options nor false',
      options({ module: { revocation: true } }),
      'revocation must be an object, or false',
    ],
    [
      'revocation that is forgotten at once',
      options({ module: { revocation: { maxTokenLifetime: 0 } } }),
      'revocation.maxTokenLifetime must be a number above 0 (given: 0)',
    ],
    [
      'revocation that is remembered for more than a year',
      options({ module: { revocation: { maxTokenLifetime: 31_536_001 } } }),
      'revocation.maxTokenLifetime must be at most 31536000 seconds (given: 31536001)',
    ],
    [
      'revocation with a misspelt option',
      options({ module: { revocation: { maxTokenLifetimes: 60 } } }),
      'revocation.maxTokenLifetimes is not an option; did you mean "maxTokenLifetime"?',
    ],
    [
      'no bearer method',
      options({ metadata: { bearerMethodsSupported: [] } }),
      'protectedResources.metadata.bearerMethodsSupported must hold "header", which is always supported (given: [])',
    ],
    [
      'an unknown type',
      options({ metadata: { authorizationServers: [{ issuer: ISSUER, type: 'saml' }] } }),
      "protectedResources.metadata.authorizationServers[0].type must be one of: oauth, oidc (given: 'saml')",
    ],
    [
      'metadata beside an issuer',
      options({
        metadata: {
          authorizationServers: [
            { issuer: ISSUER, metadata: { issuer: ISSUER, jwksUri: `${ISSUER}/jwks` } },
          ],
        },
      }),
      `protectedResources.metadata.authorizationServers[0].issuer has no effect beside "metadata", where nothing is discovered; remove one of the two`,
    ],
    [
      'transformMetadata beside metadata',
      options({
        metadata: {
          authorizationServers: [{ transformMetadata: () => ({}), metadata: { issuer: ISSUER } }],
        },
      }),
      'protectedResources.metadata.authorizationServers[0].transformMetadata has no effect beside "metadata"',
    ],
    [
      'metadata in snake_case',
      options({
        metadata: {
          authorizationServers: [{ metadata: { issuer: ISSUER, jwks_uri: `${ISSUER}/jwks` } }],
        },
      }),
      'protectedResources.metadata.authorizationServers[0].metadata must be written in camelCase: "jwksUri", not "jwks_uri"',
    ],
    [
      'metadata without jwksUri, where nothing else could verify tokens',
      options({
        metadata: { authorizationServers: [ISSUER, { metadata: { issuer: `${ISSUER}/2` } }] },
      }),
      'protectedResources.metadata names an authorization server whose tokens cannot be verified: the metadata of authorizationServers[1] has no "jwksUri", and none is fetched; add it',
    ],
    [
      'metadata without issuer',
      options({ metadata: { authorizationServers: [{ metadata: {} }] } }),
      `protectedResources.metadata.authorizationServers[0].metadata needs an issuer that is right: "issuer" ${URL_REMEDY}`,
    ],
    [
      'metadata with a relative jwksUri',
      options({
        metadata: { authorizationServers: [{ metadata: { issuer: ISSUER, jwksUri: '/jwks' } }] },
      }),
      `protectedResources.metadata.authorizationServers[0].metadata needs a JWK Set that can be fetched: "jwksUri" ${URL_REMEDY}`,
    ],
    [
      'a misspelt module option',
      options({ module: { discovry: 'eager' } }),
      `discovry is not an option; did you mean "discovery"? (given: 'eager')`,
    ],
    [
      'a misspelt resource option',
      options({ resource: { audiance: 'x' } }),
      `protectedResources.audiance is not an option; did you mean "audience"? (given: 'x')`,
    ],
    [
      'a misspelt metadata field',
      options({ metadata: { scopeSupported: [] } }),
      'protectedResources.metadata.scopeSupported is not an option; did you mean "scopesSupported"? (given: [])',
    ],
    [
      'an unknown option',
      options({ resource: { magic: true } }),
      'protectedResources.magic is not an option; the options here are',
    ],
    [
      'an unknown jwt option',
      options({ resource: { jwt: { secret: 'x' } } }),
      'protectedResources.jwt.secret is not an option; the options here are algorithms, clockTolerance, requiredClaims, typ, maxTokenAge',
    ],
    [
      'a scope with a space',
      options({ metadata: { scopesSupported: ['read notes'] } }),
      `protectedResources.metadata.scopesSupported item 0 ${SCOPE_REMEDY} (given: [ 'read notes' ])`,
    ],
    [
      'a scope with a quote',
      options({ metadata: { scopesSupported: ['a', 'b"'] } }),
      `protectedResources.metadata.scopesSupported item 1 ${SCOPE_REMEDY}`,
    ],
    [
      'a token in the query',
      options({ metadata: { bearerMethodsSupported: ['query'] } }),
      'protectedResources.metadata.bearerMethodsSupported item 0 must be one of: header',
    ],
    [
      'a symmetric algorithm',
      options({ resource: { jwt: { algorithms: ['HS256'] } } }),
      'protectedResources.jwt.algorithms item 0 must be one of: RS256',
    ],
    [
      'no algorithm',
      options({ resource: { jwt: { algorithms: [] } } }),
      'protectedResources.jwt.algorithms must not be an empty array',
    ],
    [
      'a negative tolerance',
      options({ resource: { jwt: { clockTolerance: -1 } } }),
      'protectedResources.jwt.clockTolerance must be a number of 0 or more (given: -1)',
    ],
    [
      'a greatest age of 0',
      options({ resource: { jwt: { maxTokenAge: 0 } } }),
      'protectedResources.jwt.maxTokenAge must be a number above 0 (given: 0)',
    ],
    [
      'a time-out that is a string',
      options({ module: { fetchTimeout: '5s' } }),
      "fetchTimeout must be a whole number of milliseconds from 1 to 600000 (given: '5s')",
    ],
    [
      'an infinite time-out',
      options({ module: { fetchTimeout: Infinity } }),
      'fetchTimeout must be a whole number of milliseconds from 1 to 600000 (given: Infinity)',
    ],
    [
      'an unknown discovery',
      options({ module: { discovery: 'lazy' } }),
      "discovery must be one of: on-demand, eager (given: 'lazy')",
    ],
    [
      'an empty audience',
      options({ resource: { audience: [] } }),
      'protectedResources.audience must not be an empty array',
    ],
    [
      'an audience beside skipping it',
      options({ resource: { audience: 'x', dangerouslySkipAudienceCheck: true } }),
      'protectedResources.audience contradicts dangerouslySkipAudienceCheck; remove one of the two',
    ],
    [
      'a verifier that is none',
      options({ resource: { tokenVerifier: 'jwt' } }),
      "protectedResources.tokenVerifier must be a function, or a class that extends TokenVerifier (given: 'jwt')",
    ],
    [
      'an issuer that is empty, as from an unset variable',
      options({ metadata: { authorizationServers: [''] } }),
      "protectedResources.metadata.authorizationServers[0].issuer must not be empty; is an environment variable not set? (given: '')",
    ],
    [
      'the metadata one level too high',
      options({ resource: { resourceName: 'Notes' } }),
      'protectedResources.resourceName is what is published about the resource; put it into "metadata" (given: \'Notes\')',
    ],

    [
      'options in an array',
      options({ resource: { jwt: [{ algorithms: ['RS256'] }] } }),
      'protectedResources.jwt must be an object',
    ],
    [
      'options in a Map',
      options({ resource: { jwt: new Map([['algorithms', ['RS256']]]) } }),
      'protectedResources.jwt must be an object',
    ],
    [
      'metadata that is a string',
      options({ resource: { metadata: 'x' } }),
      "protectedResources.metadata must be an object (given: 'x')",
    ],
    [
      'an option of the resource in its metadata',
      options({ metadata: { jwt: { typ: 'at+jwt' } } }),
      'protectedResources.metadata.jwt is an option of the protected resource; move it out of "metadata", which is published',
    ],
    [
      'an extension that is no JSON',
      options({ metadata: { x: 10n } }),
      'protectedResources.metadata holds a value that cannot be published as JSON',
    ],
    [
      'a protected resource that is missing',
      { protectedResources: [undefined] } as never,
      'protectedResources holds a protected resource that is missing',
    ],
    [
      'protected resources in two arrays',
      { protectedResources: [[]] } as never,
      'protectedResources[0] must be an object (given: [])',
    ],
    [
      'a URL with a line break',
      options({ metadata: { resource: `${RESOURCE}\n` } }),
      `protectedResources.metadata.resource ${URL_REMEDY}`,
    ],
    [
      'a URL with a space before',
      options({ metadata: { resource: ` ${RESOURCE}` } }),
      `protectedResources.metadata.resource ${URL_REMEDY}`,
    ],
    [
      'a URL without slashes',
      options({ metadata: { resource: 'https:example.com' } }),
      `protectedResources.metadata.resource ${URL_REMEDY}`,
    ],
    [
      'a verifier class of its own kind',
      options({
        resource: {
          tokenVerifier: class Own {
            verify() {
              return {};
            }
          },
        },
      }),
      'protectedResources.tokenVerifier must extend TokenVerifier, if it is a class',
    ],
    [
      'a tolerance of years',
      options({ resource: { jwt: { clockTolerance: 1e12 } } }),
      'protectedResources.jwt.clockTolerance must be at most 600 seconds',
    ],
    [
      'a path with a wildcard',
      options({ metadata: { resource: 'https://a.example.com/x*' } }),
      'protectedResources.metadata.resource must not have "*" or a percent-encoded reserved character in its path',
    ],
    [
      'a path with an encoded slash',
      options({ metadata: { resource: 'https://a.example.com/x%2fy' } }),
      'protectedResources.metadata.resource must not have "*" or',
    ],
    [
      'a path that cannot be decoded',
      options({ metadata: { resource: 'https://a.example.com/%ff' } }),
      'protectedResources.metadata.resource must not have "*" or',
    ],
    [
      'two resources that Express takes for one',
      twoResources('https://a.example.com/n', 'https://a.example.com/N/'),
      'protectedResources holds two resources with the path "/n"',
    ],
    [
      'a scope hierarchy with a cycle',
      options({ resource: { scopeHierarchy: { a: ['x', 'b'], b: ['c'], c: ['a'] } } }),
      'protectedResources.scopeHierarchy has a cycle, a → b → c → a; a scope cannot imply itself',
    ],
    [
      'a scope that implies itself',
      options({ resource: { scopeHierarchy: { a: ['a'] } } }),
      'protectedResources.scopeHierarchy has a cycle, a → a',
    ],
    [
      'a scope hierarchy with a bad name',
      options({ resource: { scopeHierarchy: { a: ['b c'] } } }),
      'protectedResources.scopeHierarchy has, at "a", a name that must be a single scope',
    ],
    [
      'a scope hierarchy that is none',
      options({ resource: { scopeHierarchy: { a: 'b' } } }),
      'protectedResources.scopeHierarchy must have an array of scopes for "a"',
    ],
    [
      'a duplicate resource',
      twoResources('https://api.example.com', 'https://api.example.com/'),
      'protectedResources names the resource "https://api.example.com" twice; remove one of the two',
    ],
    [
      'two resources at one path',
      twoResources('https://a.example.com/x', 'https://b.example.com/x'),
      'protectedResources holds two resources with the path "/x"',
    ],
    [
      'an item of several resources',
      twoResources('https://a.example.com/x', 'nonsense'),
      'protectedResources[1].metadata.resource must be an absolute URL with scheme and host, such as "https://example.com/path" (given: \'nonsense\')',
    ],
  ])('%s', async (_, given, expected) => {
    const failure = await startFailure({ options: given });
    expect(failure).toBeInstanceOf(McpAuthConfigurationError);
    const [heading, ...lines] = failure?.message.split('\n') ?? [];
    expect(heading).toBe('The options of McpAuthModule are not valid:');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`- ${expected}`);
  });

  it('names all wrong options at once', async () => {
    const failure = await startFailure({
      options: options({ metadata: { resource: 'x' }, resource: { jwt: { clockTolerance: 'x' } } }),
    });
    expect(failure?.message.split('\n')).toHaveLength(3);
  });

  it('shortens a long value', async () => {
    const failure = await startFailure({
      options: options({ metadata: { resource: 'x'.repeat(1000) } }),
    });
    expect(failure?.message.length).toBeLessThan(400);
  });

  it('refuses one issuer that two resources configure differently', async () => {
    const server = (name: string, type?: 'oidc') => ({
      metadata: {
        resource: `https://api.example.com/${name}`,
        authorizationServers: [{ issuer: ISSUER, type }],
      },
    });
    const failure = await startFailure({
      options: { protectedResources: [server('a'), server('b', 'oidc')] },
    });
    expect(failure?.message).toContain(
      `protectedResources configures the issuer "${ISSUER}" in two different ways`,
    );
    const same = await startFailure({
      options: { protectedResources: [server('a', 'oidc'), server('b', 'oidc')] },
    });
    expect(same).toBeUndefined();
  });

  it('reads options that are inherited or computed by a getter', async () => {
    class Resource {
      metadata = { resource: RESOURCE, authorizationServers: [ISSUER] };
      get jwt() {
        return { clockTolerance: -1 };
      }
    }
    const failure = await startFailure({ options: { protectedResources: new Resource() } });
    expect(failure?.message).toContain('protectedResources.jwt.clockTolerance must be');
  });

  it('leaves the user’s own objects as they are', async () => {
    let constructed = 0;
    class Metadata {
      resource = RESOURCE;
      authorizationServers = [ISSUER];
      constructor() {
        constructed++;
      }
    }
    const given = { protectedResources: { metadata: new Metadata() } };
    expect(await startFailure({ options: given as never })).toBeUndefined();
    expect(constructed).toBe(1);
    expect(Object.keys(given.protectedResources.metadata)).toEqual([
      'resource',
      'authorizationServers',
    ]);
  });
});

describe('wrong decorators', () => {
  const twoIds = twoResources('https://api.example.com/a', 'https://api.example.com/b');
  const decorated = (...decorators: (ClassDecorator | MethodDecorator)[]): Type => {
    class NotesController {
      list() {
        return [];
      }
    }
    const descriptor = Object.getOwnPropertyDescriptor(NotesController.prototype, 'list');
    Reflect.decorate(
      [Get(), ...(decorators as MethodDecorator[])],
      NotesController.prototype,
      'list',
      descriptor,
    );
    Reflect.decorate([Controller('notes')], NotesController);
    return NotesController;
  };

  it.each([
    [
      'no resource where there are several',
      [],
      twoIds,
      'NotesController.list belongs to no resource; add @Resource(…) to it or to its controller with one of https://api.example.com/a, https://api.example.com/b, or mark it @Public().',
    ],
    [
      'an unknown resource',
      [Resource('https://api.example.com/c')],
      twoIds,
      'NotesController.list belongs to @Resource("https://api.example.com/c"), which protectedResources does not name; known: https://api.example.com/a, https://api.example.com/b.',
    ],
    [
      'an unknown resource on a public handler',
      [Public(), Resource('https://x.example.com')],
      oneResource(ISSUER),
      'NotesController.list belongs to @Resource("https://x.example.com")',
    ],
    [
      'public and yet with scopes',
      [Public(), RequireScopes('a')],
      oneResource(ISSUER),
      'NotesController.list is @Public() and yet @RequireScopes(); remove one of them.',
    ],
  ])('stop the start: %s', async (_, decorators, given, message) => {
    const failure = await startFailure({ options: given, controllers: [decorated(...decorators)] });
    expect(failure).toBeInstanceOf(McpAuthConfigurationError);
    expect(failure?.message).toContain(message);
  });

  it.each([
    [
      'no scope',
      () => (RequireScopes as () => unknown)(),
      '@RequireScopes() names no scope; name at least one.',
    ],
    ['two scopes in one', () => RequireScopes('a b'), '(given: "a b")'],
    [
      'an empty choice',
      () => RequireScopes({ anyOf: [] }),
      'must not be empty (given: {"anyOf":[]})',
    ],
    [
      'a misspelt choice',
      () => RequireScopes({ anyof: ['a'] } as never),
      'must be a scope, an array of which all are needed, or { anyOf: [...] }',
    ],
    [
      'a bad scope deep within',
      () => RequireScopes({ anyOf: ['a', ['b', 'c d']] }),
      'must be a single scope',
    ],
    [
      'an endless nesting',
      () => RequireScopes([[[[[[[[[[['a']]]]]]]]]]]),
      'is nested more than 10 deep',
    ],
    [
      'no resource',
      () => Resource('notes'),
      '@Resource() must name a resource identifier, an absolute URL (given: "notes").',
    ],
    [
      'public and optional',
      () => decorated(Public(), OptionalAuth()),
      '@Public() and @OptionalAuth() stand on the same method "list"; remove one of them.',
    ],
  ])('fail at decoration: %s', (_, decorate, message) => {
    expect(decorate).toThrow(McpAuthConfigurationError);
    expect(decorate).toThrow(message);
  });

  it('are not all decorators: public handlers of several resources need none', async () => {
    expect(
      await startFailure({ options: twoIds, controllers: [decorated(Public())] }),
    ).toBeUndefined();
  });
});

describe('registration', () => {
  const given = oneResource(ISSUER);

  @Injectable()
  class OptionsFactory implements McpAuthOptionsFactory {
    createMcpAuthOptions() {
      return Promise.resolve(given);
    }
  }

  @Module({
    providers: [OptionsFactory, { provide: 'ISSUER', useValue: ISSUER }],
    exports: [OptionsFactory, 'ISSUER'],
  })
  class SettingsModule {}

  it.each([
    [
      'useFactory',
      {
        imports: [SettingsModule],
        inject: ['ISSUER'],
        useFactory: (issuer: string) => oneResource(issuer),
      },
    ],
    ['useClass', { useClass: OptionsFactory }],
    ['useExisting', { imports: [SettingsModule], useExisting: OptionsFactory }],
  ])('forRootAsync takes %s', async (_, registration) => {
    const module = await Test.createTestingModule({
      imports: [McpAuthModule.forRootAsync(registration)],
    }).compile();
    const app = module.createNestApplication({ logger: false });
    await app.listen(0, '127.0.0.1');
    const response = await fetch(
      `${await app.getUrl()}/.well-known/oauth-protected-resource/notes`,
    );
    expect(await response.json()).toMatchObject({ authorization_servers: [ISSUER] });
    await app.close();
  });

  it('is refused a second time', async () => {
    const failure = await startFailure({ options: given, imports: [McpAuthModule.forRoot(given)] });
    expect(failure?.message).toContain('McpAuthModule is registered twice');
  });

  it('says once, at debug, what is protected by what', async () => {
    @Controller('notes')
    class NotesController {
      @Get() @RequireScopes('read:notes') list() {
        return [];
      }
      @Get('open') @Public() open() {
        return [];
      }
      @Get('maybe') @OptionalAuth() maybe() {
        return [];
      }
    }
    const lines = await logsOf((logger) =>
      startApp({
        adapter: 'express',
        options: given,
        controllers: [NotesController],
        nest: { logger },
      }),
    );
    expect(lines.debug).toEqual([
      `Protected handlers:\n  ${RESOURCE}: NotesController.list [read:notes], NotesController.maybe (optional)\n  public: NotesController.open`,
    ]);
  });

  it('says once, at debug, which scopes the metadata does not list', async () => {
    @Controller('notes')
    @RequireScopes('read:notes')
    class NotesController {
      @Get() list() {
        return [];
      }
      @Get('all') @RequireScopes({ anyOf: ['admin', ['read:all', 'write:notes']] }) all() {
        return [];
      }
      @Post('mcp') @McpEndpoint({ tools: { add: 'write:notes', drop: ['drop:notes'] } }) mcp() {
        return [];
      }
      @Get('open') @Public() open() {
        return [];
      }
    }
    const start = async (scopesSupported?: string[]) =>
      logsOf((logger) =>
        startApp({
          adapter: 'express',
          options: options({ metadata: { scopesSupported } }),
          controllers: [NotesController],
          nest: { logger },
        }),
      );
    const unlisted = (lines: { debug: string[] }) =>
      lines.debug.filter((line) => line.includes('scopesSupported'));
    expect(unlisted(await start(['read:notes', 'write:notes', 'admin']))).toEqual([
      `Scopes that handlers require, and metadata.scopesSupported does not list: "read:all" of ${RESOURCE} (NotesController.all); "drop:notes" of ${RESOURCE} (NotesController.mcp). Clients learn of them by a challenge only.`,
    ]);
    const all = ['read:notes', 'write:notes', 'admin', 'read:all', 'drop:notes', 'more'];
    expect(unlisted(await start(all))).toEqual([]);
    expect(unlisted(await start(undefined))).toEqual([]);
  });

  it('warns where the audience is not checked', async () => {
    const lines = await logsOf((logger) =>
      startApp({
        adapter: 'express',
        options: oneResource(ISSUER, { dangerouslySkipAudienceCheck: true }),
        nest: { logger },
      }),
    );
    expect(lines.warn).toEqual([
      `${RESOURCE} accepts tokens meant for any other service (dangerouslySkipAudienceCheck).`,
    ]);
  });
});

/** What the module logs meanwhile. */
async function logsOf(
  run: (logger: LoggerService) => Promise<unknown>,
): Promise<{ debug: string[]; warn: string[] }> {
  const lines = { debug: [] as string[], warn: [] as string[] };
  const collect = (into: string[]) => (message: string, context?: string) => {
    if (context === 'McpAuthModule') {
      into.push(message);
    }
  };
  const ignore = () => undefined;
  await run({
    log: ignore,
    error: ignore,
    warn: collect(lines.warn),
    debug: collect(lines.debug),
  });
  return lines;
}
