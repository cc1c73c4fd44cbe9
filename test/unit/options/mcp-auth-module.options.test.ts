import { describe, expect, it } from '@jest/globals';
import { MemoryStateStore, type McpAuthModuleOptions } from 'nestjs-mcp-auth';
import { RESOURCE } from '../../support/app.js';
import {
  expectOneMistake,
  failureOf,
  ISSUER,
  options,
  twoResources,
} from '../../support/option-mistakes.js';

describe('wrong options are reported in one line with path, value and remedy', () => {
  it.each<[string, McpAuthModuleOptions, string]>([
    [
      'an empty array of protected resources',
      { protectedResources: [] },
      'protectedResources must contain at least one protected resource (given: [])',
    ],
    [
      'no metadata',
      { protectedResources: {} } as never,
      'protectedResources.metadata must be an object with at least "resource" and "authorizationServers" (given: nothing)',
    ],
    [
      'a time-out that is null',
      options({ module: { fetchTimeout: null } }),
      'fetchTimeout must be a whole number',
    ],
    [
      'a time-out that is a fraction',
      options({ module: { fetchTimeout: 2500.5 } }),
      'fetchTimeout must be a whole number',
    ],
    [
      'a time-out above the maximum',
      options({ module: { fetchTimeout: 5e9 } }),
      'fetchTimeout must be a whole number',
    ],
    [
      'a token cache that is neither options nor false',
      options({ module: { tokenCache: true } }),
      'tokenCache must be an object, or false',
    ],
    [
      'a token cache with max: 0',
      options({ module: { tokenCache: { max: 0 } } }),
      'tokenCache.max must be a whole number from 1 to 1000000 (given: 0)',
    ],
    [
      'a token cache with ttl: 0',
      options({ module: { tokenCache: { ttl: 0 } } }),
      'tokenCache.ttl must be a number above 0 (given: 0)',
    ],
    [
      'a store that is a client of Redis',
      options({ module: { store: { get: () => '', set: () => '' } } }),
      'store must be a StateStore, such as new RedisStateStore(client); the given value lacks the methods: firstTime, put',
    ],
    [
      'a store that is a class',
      options({ module: { store: MemoryStateStore } }),
      'store must be a StateStore, such as new RedisStateStore(client); the given value lacks the methods: firstTime, put, get',
    ],
    [
      'a store that is null',
      options({ module: { store: null } }),
      'store must be a StateStore, such as new RedisStateStore(client); the given value lacks the methods: firstTime, put, get',
    ],
    [
      'revocation that is neither options nor false',
      options({ module: { revocation: true } }),
      'revocation must be an object, or false',
    ],
    [
      'revocation with maxTokenLifetime: 0',
      options({ module: { revocation: { maxTokenLifetime: 0 } } }),
      'revocation.maxTokenLifetime must be a number above 0 (given: 0)',
    ],
    [
      'revocation with a maxTokenLifetime of more than a year',
      options({ module: { revocation: { maxTokenLifetime: 31_536_001 } } }),
      'revocation.maxTokenLifetime must be at most 31536000 seconds (given: 31536001)',
    ],
    [
      'revocation with a misspelt option',
      options({ module: { revocation: { maxTokenLifetimes: 60 } } }),
      'revocation.maxTokenLifetimes is not an option; did you mean "maxTokenLifetime"?',
    ],
    [
      'a misspelt module option',
      options({ module: { discovry: 'eager' } }),
      `discovry is not an option; did you mean "discovery"? (given: 'eager')`,
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
      'a protected resource that is missing',
      { protectedResources: [undefined] } as never,
      'protectedResources contains undefined instead of a protected resource',
    ],
    [
      'protected resources in two arrays',
      { protectedResources: [[]] } as never,
      'protectedResources[0] must be an object (given: [])',
    ],
    [
      'two resources whose paths are the same to Express',
      twoResources('https://a.example.com/n', 'https://a.example.com/N/'),
      'protectedResources contains two resources with the path "/n"',
    ],
    [
      'a duplicate resource',
      twoResources('https://api.example.com', 'https://api.example.com/'),
      'protectedResources names the resource "https://api.example.com" twice; remove one of the two',
    ],
    [
      'a wrong option in one of several resources',
      twoResources('https://a.example.com/x', 'nonsense'),
      'protectedResources[1].metadata.resource must be an absolute URL with scheme and host, such as "https://example.com/path" (given: \'nonsense\')',
    ],
  ])('%s', (_, given, expected) => {
    expectOneMistake(failureOf(given), expected);
  });

  it('all mistakes at once', () => {
    const failure = failureOf(
      options({ metadata: { resource: 'x' }, resource: { jwt: { clockTolerance: 'x' } } }),
    );
    expect(failure?.message.split('\n')).toHaveLength(3);
  });

  it('with a long value shortened', () => {
    const failure = failureOf(options({ metadata: { resource: 'x'.repeat(1000) } }));
    expect(failure?.message.length).toBeLessThan(400);
  });

  it('one issuer that two resources configure differently', () => {
    const server = (name: string, type?: 'oidc') => ({
      metadata: {
        resource: `https://api.example.com/${name}`,
        authorizationServers: [{ issuer: ISSUER, type }],
      },
    });
    const failure = failureOf({ protectedResources: [server('a'), server('b', 'oidc')] });
    expect(failure?.message).toContain(
      `protectedResources configures the issuer "${ISSUER}" in two different ways`,
    );
    const same = failureOf({ protectedResources: [server('a', 'oidc'), server('b', 'oidc')] });
    expect(same).toBeUndefined();
  });

  it('options that are inherited or computed by a getter', () => {
    class Resource {
      metadata = { resource: RESOURCE, authorizationServers: [ISSUER] };
      get jwt() {
        return { clockTolerance: -1 };
      }
    }
    const failure = failureOf({ protectedResources: new Resource() });
    expect(failure?.message).toContain('protectedResources.jwt.clockTolerance must be');
  });

  it('without changes to the objects of the application', () => {
    let constructed = 0;
    class Metadata {
      resource = RESOURCE;
      authorizationServers = [ISSUER];
      constructor() {
        constructed++;
      }
    }
    const given = { protectedResources: { metadata: new Metadata() } };
    expect(failureOf(given)).toBeUndefined();
    expect(constructed).toBe(1);
    expect(Object.keys(given.protectedResources.metadata)).toEqual([
      'resource',
      'authorizationServers',
    ]);
  });
});
