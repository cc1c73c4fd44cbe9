import { afterEach, describe, expect, it } from '@jest/globals';
import { McpAuthConfigurationError, type McpAuthModuleOptions } from 'nestjs-mcp-auth';
import { RESOURCE, startFailure, stopApps } from '../support/app.js';

const ISSUER = 'https://auth.example.com';
const resolver = () => undefined;

/** Options as a user may write them, types aside. */
const options = ({ module, metadata, ...resource }: Record<string, unknown>) =>
  ({
    protectedResources: {
      metadata: {
        resource: RESOURCE,
        authorizationServers: [ISSUER],
        ...(metadata as object | undefined),
      },
      ...resource,
    },
    ...(module as object | undefined),
  }) as unknown as McpAuthModuleOptions;

afterEach(stopApps);

const servers = (authorizationServers: unknown) => ({ metadata: { authorizationServers } });

describe('wrong options of a resolver stop the start with one line that says what would be right', () => {
  it.each<[string, Record<string, unknown>, string]>([
    [
      'nothing that can be published',
      servers(resolver),
      'protectedResources.publishedIssuers must name the issuers at which clients can log in, since metadata.authorizationServers is a resolver, which cannot be listed; an empty array publishes none (given: nothing)',
    ],
    [
      'nothing that can be published, in a list',
      servers([resolver]),
      'protectedResources.publishedIssuers must name the issuers',
    ],
    [
      'two resolvers',
      servers([ISSUER, resolver, resolver]),
      'protectedResources.metadata.authorizationServers must hold one resolver at most, after the authorization servers that it names',
    ],
    [
      'a resolver that is not the last',
      servers([resolver, ISSUER]),
      'protectedResources.metadata.authorizationServers must hold one resolver at most, after',
    ],
    [
      'a class that is no resolver',
      { ...servers([ISSUER, class Tenants extends Map {}]) },
      'protectedResources.metadata.authorizationServers[1].resolver must extend AuthorizationServerResolver, if it is a class',
    ],
    [
      'published issuers that are no list',
      { ...servers(resolver), publishedIssuers: ISSUER },
      `protectedResources.publishedIssuers must be an array (given: '${ISSUER}')`,
    ],
    [
      'a published issuer that is no URL',
      { ...servers(resolver), publishedIssuers: ['acme'] },
      'protectedResources.publishedIssuers item 0 must be an absolute URL',
    ],
    [
      'a published issuer that nobody trusts',
      { publishedIssuers: ['https://other.example.com'] },
      'protectedResources.publishedIssuers names "https://other.example.com", which metadata.authorizationServers does not: its tokens would be refused',
    ],
    [
      'published issuers among what is published',
      { metadata: { publishedIssuers: [ISSUER] } },
      'protectedResources.metadata.publishedIssuers is an option of the protected resource; move it out of "metadata"',
    ],
    [
      'no room for tenants',
      { module: { tenantCache: { max: 0 } } },
      'tenantCache.max must be a whole number from 1 to 1000000 (given: 0)',
    ],
    [
      'tenants that are forgotten at once',
      { module: { tenantCache: { ttl: 0 } } },
      'tenantCache.ttl must be a number above 0 (given: 0)',
    ],
  ])('%s', async (_, given, line) => {
    const error = await startFailure({ options: options(given) });
    expect(error).toBeInstanceOf(McpAuthConfigurationError);
    expect(error?.message).toContain(`- ${line}`);
  });

  it.each<[string, Record<string, unknown>]>([
    ['an issuer of the list that is not published', { publishedIssuers: [] }],
    ['a resolver after a list', servers([ISSUER, resolver])],
    [
      'a resolver alone, where it is said what is published',
      { ...servers(resolver), publishedIssuers: [ISSUER] },
    ],
  ])('but %s is right', async (_, given) => {
    expect(await startFailure({ options: options(given) })).toBeUndefined();
  });
});
