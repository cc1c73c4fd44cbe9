import { afterEach, describe, expect, it } from '@jest/globals';
import { McpAuthConfigurationError, type McpAuthModuleOptions } from 'nestjs-mcp-auth';
import { RESOURCE, startFailure, stopApps } from '../support/app.js';

const ISSUER = 'https://auth.example.com';
const resolver = () => undefined;

/** Returns options with any values, whatever their types. */
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

const TEMPLATE = 'https://api.example.com/{tenant}/mcp';
const PLACE =
  'protectedResources.metadata.resource may contain "{tenant}" only once, as a whole segment of its path, such as "https://example.com/{tenant}/mcp"; it must then have no other braces';
const apart = (remedy: string) =>
  `protectedResources.tenants would accept a token of one tenant at another tenant; ${remedy} the issuer of every authorization server (and use no resolver)`;
const APART = apart('put "{tenant}" into every audience, or into');

/** Returns options of a resource with tenants. */
const tenants = ({ metadata, ...more }: Record<string, unknown> = {}) => ({
  tenants: () => true,
  ...more,
  metadata: { resource: TEMPLATE, ...(metadata as object | undefined) },
});
/** An authorization server of each tenant, and verifiers of the application beside it. */
const OWN = {
  tokenVerifier: resolver,
  metadata: { authorizationServers: [`${ISSUER}/{tenant}`] },
};
const several = (...resources: string[]) => ({
  module: {
    protectedResources: resources.map((resource) => ({
      metadata: { resource, authorizationServers: [ISSUER] },
      ...(resource.includes('{tenant}') && { tenants: ['acme'] }),
    })),
  },
});

const among = (...resources: Record<string, unknown>[]) => ({
  module: {
    protectedResources: resources.map(({ metadata, ...resource }) => ({
      ...resource,
      metadata: { authorizationServers: [ISSUER], ...(metadata as object | undefined) },
    })),
  },
});

const servers = (authorizationServers: unknown) => ({ metadata: { authorizationServers } });

describe('wrong options of a resolver stop the start with one line that names the remedy', () => {
  it.each<[string, Record<string, unknown>, string]>([
    [
      'a resolver without publishedIssuers',
      servers(resolver),
      'protectedResources.publishedIssuers must name the issuers at which clients can log in, since metadata.authorizationServers is a resolver, which cannot be listed; an empty array publishes no issuer (given: nothing)',
    ],
    [
      'a resolver without publishedIssuers, in a list',
      servers([resolver]),
      'protectedResources.publishedIssuers must name the issuers',
    ],
    [
      'two resolvers',
      servers([ISSUER, resolver, resolver]),
      'protectedResources.metadata.authorizationServers must contain at most one resolver, as its last item',
    ],
    [
      'a resolver that is not the last',
      servers([resolver, ISSUER]),
      'protectedResources.metadata.authorizationServers must contain at most one resolver, as its last item',
    ],
    [
      'a class that is not a resolver',
      { ...servers([ISSUER, class Tenants extends Map {}]) },
      'protectedResources.metadata.authorizationServers[1].resolver must extend AuthorizationServerResolver, if it is a class',
    ],
    [
      'published issuers that are not an array',
      { ...servers(resolver), publishedIssuers: ISSUER },
      `protectedResources.publishedIssuers must be an array (given: '${ISSUER}')`,
    ],
    [
      'a published issuer that is not a URL',
      { ...servers(resolver), publishedIssuers: ['acme'] },
      'protectedResources.publishedIssuers item 0 must be an absolute URL',
    ],
    [
      'a published issuer that is not trusted',
      { publishedIssuers: ['https://other.example.com'] },
      'protectedResources.publishedIssuers names "https://other.example.com", but metadata.authorizationServers does not, so tokens of this issuer would be rejected',
    ],
    [
      'publishedIssuers inside metadata',
      { metadata: { publishedIssuers: [ISSUER] } },
      'protectedResources.metadata.publishedIssuers is an option of the protected resource; move it out of "metadata"',
    ],
    [
      'tenantCache with max: 0',
      { module: { tenantCache: { max: 0 } } },
      'tenantCache.max must be a whole number from 1 to 1000000 (given: 0)',
    ],
    [
      'tenantCache with ttl: 0',
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
      'a resolver alone, with publishedIssuers',
      { ...servers(resolver), publishedIssuers: [ISSUER] },
    ],
  ])('accepts %s', async (_, given) => {
    expect(await startFailure({ options: options(given) })).toBeUndefined();
  });
});

describe('wrong options of tenants stop the start with one line that names the remedy', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ...(
      [
        ['in the host', 'https://{tenant}.example.com/mcp'],
        ['in a part of a segment', 'https://api.example.com/t-{tenant}/mcp'],
        ['twice', 'https://api.example.com/{tenant}/{tenant}'],
        ['in the query', 'https://api.example.com/mcp?t={tenant}'],
        ['beside a query', 'https://api.example.com/{tenant}?a'],
        ['before an empty segment', 'https://api.example.com/{tenant}/'],
        ['misspelt', 'https://api.example.com/{Tenant}/mcp'],
        ['with a brace too many', 'https://api.example.com/{{tenant}}/mcp'],
      ] as const
    ).map(([where, resource]): [string, Record<string, unknown>, string] => [
      `{tenant} ${where}`,
      tenants({ metadata: { resource } }),
      PLACE,
    ]),
    [
      'a template without tenants',
      tenants({ tenants: undefined }),
      'protectedResources.tenants must name the tenants, since metadata.resource contains "{tenant}"; give an array of names, or a function (given: nothing)',
    ],
    [
      'tenants without "{tenant}" in the resource',
      { tenants: ['acme'] },
      'protectedResources.tenants has no effect without "{tenant}" in metadata.resource; add "{tenant}" there, or leave this out',
    ],
    [
      'an empty list of tenants',
      tenants({ tenants: [] }),
      'protectedResources.tenants must be an array with at least one name, or a function (given: [])',
    ],
    [
      'tenants that are neither a list nor a function',
      tenants({ tenants: 'acme' }),
      'protectedResources.tenants must be an array with at least one name, or a function',
    ],
    ...['a/b', '%61', '..', '', 'ä', 'a'.repeat(101), 7].map(
      (name): [string, Record<string, unknown>, string] => [
        `a tenant of the name ${String(name).slice(0, 5)}`,
        tenants({ tenants: ['acme', name] }),
        'protectedResources.tenants item 1 must be 1 to 100 letters, digits, "-", ".", "_" or "~", and not only dots',
      ],
    ),
    [
      'a list of tenants without authorization servers',
      tenants({ tenants: ['acme'], metadata: { authorizationServers: [] } }),
      'protectedResources.tenants must be a function that returns the authorizationServers of each tenant, since metadata.authorizationServers is empty',
    ],
    ['one audience for all tenants', tenants({ audience: 'api://notes' }), APART],
    [
      'one audience for all tenants in a list',
      tenants({ audience: ['api://{tenant}', 'api://notes'] }),
      APART,
    ],
    [
      'dangerouslySkipAudienceCheck',
      tenants({ dangerouslySkipAudienceCheck: true }),
      apart('remove "dangerouslySkipAudienceCheck", or put "{tenant}" into'),
    ],
    [
      'one audience, and one issuer for all tenants in a list',
      tenants({
        audience: 'api://notes',
        metadata: { authorizationServers: [`${ISSUER}/{tenant}`, ISSUER] },
      }),
      APART,
    ],
    [
      'one audience, and a resolver',
      tenants({
        audience: 'api://notes',
        metadata: { authorizationServers: [`${ISSUER}/{tenant}`, resolver] },
      }),
      APART,
    ],
    [
      'one audience, and one issuer of ownIssuers for all tenants',
      tenants({ ...OWN, audience: 'api://notes', ownIssuers: ['urn:{tenant}', 'urn:keys'] }),
      'protectedResources.tenants would accept a token of one tenant at another tenant; put "{tenant}" into every audience, or into the issuer of every authorization server and into each of "ownIssuers" (and use no resolver)',
    ],
    [
      'any audience, and one issuer of ownIssuers for all tenants',
      tenants({ ...OWN, dangerouslySkipAudienceCheck: true, ownIssuers: ['urn:keys'] }),
      'protectedResources.tenants would accept a token of one tenant at another tenant; remove "dangerouslySkipAudienceCheck", or put "{tenant}" into the issuer of every authorization server and into each of "ownIssuers" (and use no resolver)',
    ],
    [
      'an issuer of ownIssuers that is the issuer of one tenant',
      tenants({ ...OWN, ownIssuers: [`${ISSUER}/acme`] }),
      `protectedResources contains the issuers "${ISSUER}/{tenant}" and "${ISSUER}/acme": the first equals the second for the tenant "acme"`,
    ],
    [
      'an issuer template of ownIssuers that equals the issuer of all tenants for one tenant',
      tenants({
        tokenVerifier: resolver,
        metadata: { authorizationServers: [`${ISSUER}/acme`] },
        ownIssuers: [`${ISSUER}/{tenant}`],
      }),
      `protectedResources contains the issuers "${ISSUER}/{tenant}" and "${ISSUER}/acme"`,
    ],
    [
      'an issuer template without tenants',
      servers([`${ISSUER}/{tenant}`]),
      'protectedResources.metadata.authorizationServers contains an issuer with "{tenant}", but "resource" does not, so the resource has no tenants',
    ],
    [
      'an audience with {tenant} for a resource without tenants',
      { audience: ['notes', 'notes-{tenant}'] },
      'protectedResources.audience contains "{tenant}", but metadata.resource does not, so the resource has no tenants',
    ],
    ...[`${ISSUER}/t-{tenant}`, `${ISSUER}/{tenant}/{tenant}`, `${ISSUER}//{tenant}`].map(
      (issuer): [string, Record<string, unknown>, string] => [
        `the issuer ${issuer}`,
        tenants({ metadata: { authorizationServers: [issuer] } }),
        'protectedResources.metadata.authorizationServers contains an issuer in which "{tenant}" is not exactly one whole segment of the path; let "tenants" return',
      ],
    ),
    [
      'metadata with {tenant} in its issuer',
      tenants({
        metadata: {
          authorizationServers: [
            { metadata: { issuer: `${ISSUER}/{tenant}`, jwksUri: `${ISSUER}/jwks` } },
          ],
        },
      }),
      'protectedResources.metadata.authorizationServers contains "metadata" with "{tenant}" in its issuer; let "tenants" return',
    ],
    [
      'another resource with the path of one tenant',
      several(TEMPLATE, 'https://other.example.com/ACME/mcp'),
      `protectedResources contains "${TEMPLATE}" and another resource whose path could also be the path of one of its tenants`,
    ],
    [
      'two templates whose paths can be equal',
      several('https://api.example.com/mcp/{tenant}', TEMPLATE),
      'protectedResources contains "https://api.example.com/mcp/{tenant}" and another resource',
    ],
    [
      'two audiences that can be equal for two tenants',
      tenants({ audience: ['notes-{tenant}', 'notes-{tenant}-v2'] }),
      'protectedResources contains the audiences "notes-{tenant}" and "notes-{tenant}-v2": both can be "notes-a-v2", the first for the tenant "a-v2" and the second for "a"; change them so that no tenant name can make them equal',
    ],
    [
      'two audiences of two resources that can be equal for two tenants',
      among(
        tenants({ audience: 'notes-{tenant}' }),
        { audience: 'x', metadata: { resource: 'https://api.example.com/plain/x/y' } },
        tenants({
          audience: '{tenant}-notes',
          metadata: { resource: 'https://api.example.com/v2/mcp/{tenant}' },
        }),
      ),
      'protectedResources contains the audiences "notes-{tenant}" and "{tenant}-notes": both can be "notes--notes", the first for the tenant "-notes" and the second for "notes-"',
    ],
    [
      'the audience of one tenant at a resource without tenants',
      among(tenants({ audience: 'notes-{tenant}' }), {
        audience: ['api', 'notes-acme'],
        metadata: { resource: 'https://api.example.com/other/notes' },
      }),
      'protectedResources contains the audiences "notes-{tenant}" and "notes-acme": the first equals the second for the tenant "acme"',
    ],
    [
      'an audience that, for a listed tenant, equals the identifier of another resource',
      among(tenants({ audience: 'https://{tenant}/', tenants: ['api.example.com'] }), {
        metadata: { resource: 'https://api.example.com' },
      }),
      'protectedResources contains the audiences "https://{tenant}/" and "https://api.example.com/"',
    ],
    [
      'two issuers that can be equal for two tenants',
      tenants({
        metadata: { authorizationServers: [`${ISSUER}/{tenant}/v1`, `${ISSUER}/eu/{tenant}`] },
      }),
      `protectedResources contains the issuers "${ISSUER}/{tenant}/v1" and "${ISSUER}/eu/{tenant}": both can be "${ISSUER}/eu/v1", the first for the tenant "eu" and the second for "v1"`,
    ],
    [
      'an issuer of all tenants that is also the issuer of one tenant',
      tenants({ metadata: { authorizationServers: [`${ISSUER}/{tenant}`, `${ISSUER}/acme`] } }),
      `protectedResources contains the issuers "${ISSUER}/{tenant}" and "${ISSUER}/acme": the first equals the second for the tenant "acme"`,
    ],
    [
      'the same template twice',
      several(TEMPLATE, TEMPLATE),
      `protectedResources names the resource "${TEMPLATE}" twice`,
    ],
    [
      'tenantPath without tenants',
      { tenantPath: '/{tenant}/mcp' },
      'protectedResources.tenantPath has no effect without "tenants"; remove it',
    ],
    ...[
      '{tenant}/mcp',
      '/mcp',
      '/{tenant}/{tenant}',
      '/t-{tenant}',
      '/{tenant}/',
      '/{tenant}?a',
      '/%20/{tenant}',
      '//{tenant}',
      7,
    ].map((tenantPath): [string, Record<string, unknown>, string] => [
      `the path ${tenantPath}`,
      tenants({ tenantPath }),
      'protectedResources.tenantPath must be a path with "{tenant}" as one of its segments, such as "/{tenant}/mcp"',
    ]),
    [
      'tenants inside metadata',
      { metadata: { tenants: ['acme'] } },
      'protectedResources.metadata.tenants is an option of the protected resource; move it out of "metadata"',
    ],
  ])('%s', async (_, given, line) => {
    const error = await startFailure({ options: options(given) });
    expect(error).toBeInstanceOf(McpAuthConfigurationError);
    expect(error?.message).toContain(`- ${line}`);
  });

  it.each<[string, Record<string, unknown>]>([
    [
      'the tenant as the only segment',
      tenants({ metadata: { resource: 'https://api.example.com/{tenant}' } }),
    ],
    [
      'authorization servers that the tenants function returns',
      tenants({ metadata: { authorizationServers: [] } }),
    ],
    [
      'an issuer of each tenant',
      tenants({ metadata: { authorizationServers: [`${ISSUER}/{tenant}/v2.0`] } }),
    ],
    [
      'an issuer of each tenant, with eager discovery, which fetches no document of a tenant',
      {
        ...tenants({ metadata: { authorizationServers: ['http://localhost:9/{tenant}'] } }),
        module: { discovery: 'eager' },
      },
    ],
    [
      'a resolver together with a tenants function',
      tenants({ metadata: { authorizationServers: resolver } }),
    ],
    [
      'an issuer for all tenants that is not the issuer of a listed tenant',
      tenants({
        tenants: ['acme'],
        metadata: { authorizationServers: [`${ISSUER}/{tenant}`, `${ISSUER}/staff`] },
      }),
    ],
    [
      'the issuer of one tenant at another resource, which has another audience',
      among(tenants({ metadata: { authorizationServers: [`${ISSUER}/{tenant}`] } }), {
        metadata: { resource: RESOURCE, authorizationServers: [`${ISSUER}/acme`] },
      }),
    ],
    [
      'one audience template at two resources',
      among(
        tenants({ audience: ['notes-{tenant}', 'api://{tenant}'] }),
        tenants({
          audience: ['api://{tenant}', 'todos-{tenant}'],
          metadata: { resource: 'https://api.example.com/v2/mcp/{tenant}' },
        }),
      ),
    ],
    [
      'one audience, and an issuer of ownIssuers for each tenant',
      tenants({ ...OWN, audience: 'api://notes', ownIssuers: ['urn:keys:{tenant}'] }),
    ],
    [
      'one issuer of ownIssuers for all tenants, with an audience for each tenant',
      tenants({ ...OWN, ownIssuers: ['urn:keys'] }),
    ],
    [
      'paths that no tenant can make equal',
      several(TEMPLATE, 'https://api.example.com/mcp', 'https://api.example.com/{tenant}/files'),
    ],
  ])('accepts %s', async (_, given) => {
    expect(await startFailure({ options: options(given) })).toBeUndefined();
  });
});
