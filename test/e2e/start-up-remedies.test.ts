import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Module, type DynamicModule } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { fetchServerConfig, McpAuthConfigurationError, McpAuthModule } from 'nestjs-mcp-auth';
import { RESOURCE, startFailure, stopApps } from '../support/app.js';

const ISSUER = 'https://auth.example.com';
const forRoot = McpAuthModule.forRoot.bind(McpAuthModule) as (given: unknown) => DynamicModule;
const forRootAsync = McpAuthModule.forRootAsync.bind(McpAuthModule) as (
  given: unknown,
) => DynamicModule;

const good = {
  protectedResources: { metadata: { resource: RESOURCE, authorizationServers: [ISSUER] } },
};
const withMetadata = (metadata: Record<string, unknown>) =>
  ({
    protectedResources: {
      metadata: { resource: RESOURCE, authorizationServers: [ISSUER], ...metadata },
    },
  }) as never;
const withResource = (resource: Record<string, unknown>) => ({
  protectedResources: { ...good.protectedResources, ...resource },
});
const client = { clientId: 'a', clientSecret: 'b' };
const withServers = (...authorizationServers: unknown[]) => withMetadata({ authorizationServers });

afterEach(stopApps);

describe('an error that stops the start names the option and the remedy', () => {
  it.each<[string, never, ...string[]]>([
    [
      'an issuer over http: in a container network',
      withServers('http://keycloak:8080/realms/x'),
      'authorizationServers[0].issuer must use https:',
      'set allowInsecureRequests: true for this authorization server',
      "(given: 'http://keycloak:8080/realms/x')",
    ],
    [
      'a metadataUrl over http: in a container network',
      withServers({ issuer: ISSUER, metadataUrl: 'http://keycloak:8080/metadata' }),
      'authorizationServers[0].metadataUrl must use https:',
      'set allowInsecureRequests: true',
    ],
    [
      'a jwksUri over http: in a container network',
      withServers({ metadata: { issuer: ISSUER, jwksUri: 'http://keycloak:8080/jwks' } }),
      '"jwksUri" must use https:',
      'set allowInsecureRequests: true',
    ],
    [
      'an introspection endpoint over http: in known metadata',
      withServers({
        metadata: { issuer: ISSUER, introspectionEndpoint: 'http://keycloak:8080/x' },
        introspection: { clientId: 'a', clientSecret: 'b' },
      }),
      '"metadata.introspectionEndpoint" must use https:',
      'set allowInsecureRequests: true',
    ],
    [
      'an issuer of another scheme',
      withServers({ issuer: 'ftp://auth.example.com' }),
      'authorizationServers[0].issuer must use the scheme https:, not ftp:',
      "(given: 'ftp://auth.example.com')",
    ],
    [
      'an introspection endpoint over http:',
      withServers({
        issuer: ISSUER,
        introspection: { clientId: 'a', clientSecret: 'b', endpoint: 'http://keycloak:8080/x' },
      }),
      '"endpoint" must use https:',
      'set allowInsecureRequests: true',
    ],
    [
      'a resource under a name of the local network',
      withMetadata({ resource: 'http://nas.local:3000/mcp' }),
      'metadata.resource must use https:',
      'put a proxy with a certificate before the application; while you develop, call it by localhost',
    ],
    ...(
      [
        [`${ISSUER}/.well-known/openid-configuration`, ISSUER],
        [`${ISSUER}/.well-known/oauth-authorization-server`, ISSUER],
        [`${ISSUER}/realms/x/.well-known/openid-configuration`, `${ISSUER}/realms/x`],
        [`${ISSUER}/.well-known/oauth-authorization-server/realms/x`, `${ISSUER}/realms/x`],
        [`${ISSUER}/.well-known/`, ISSUER],
      ] as const
    ).map(([pasted, meant]): [string, never, ...string[]] => [
      `an issuer pasted as ${pasted}`,
      withServers(pasted),
      'authorizationServers[0].issuer must be the issuer identifier, not the URL of the metadata',
      `"metadataUrl"`,
      `did you mean "${meant}"?`,
    ]),
    [
      'a resource pasted with the path of its metadata',
      withMetadata({
        resource: 'https://api.example.com/.well-known/oauth-protected-resource/mcp',
      }),
      'metadata.resource must be the URL of the resource, not that of its metadata',
      'did you mean "https://api.example.com/mcp"?',
    ],
    ...[
      'https://a.example.com,https://b.example.com',
      'https://a.example.com, https://b.example.com',
      'https://a.example.com;https://b.example.com',
      'https://a.example.com https://b.example.com',
      'https://a.example.com/x,https://b.example.com/y',
      'https://a.example.com,b.example.com',
    ].map((joined): [string, never, ...string[]] => [
      `two issuers joined: ${joined}`,
      withServers(joined),
      'authorizationServers[0].issuer must be one URL, but looks like a list; give each URL as a separate string',
    ]),
    [
      'two resources joined by a comma',
      withMetadata({ resource: 'https://a.example.com,https://b.example.com' }),
      'metadata.resource must be one URL, but looks like a list',
    ],
    [
      'a string in place of a list of issuers',
      withMetadata({ authorizationServers: 'http://localhost:9000' }),
      'metadata.authorizationServers must be an array with at least one authorization server',
      "(given: 'http://localhost:9000')",
    ],
  ])('for %s', async (_, options, ...parts) => {
    const failure = await startFailure({ options });
    expect(failure).toBeInstanceOf(McpAuthConfigurationError);
    for (const part of parts) {
      expect(failure?.message).toContain(part);
    }
    expect(failure?.message).not.toContain("{ issuer: 'http://localhost");
  });

  it.each<[string, object, string]>([
    [
      'an option of the module in a resource',
      withResource({ fetchTimeout: 100 }),
      'protectedResources.fetchTimeout is an option of the module; move it out of "protectedResources" (given: 100)',
    ],
    [
      'an option of the module in the metadata',
      withMetadata({ store: {} }),
      'protectedResources.metadata.store is an option of the module; move it out of "protectedResources"',
    ],
    [
      'the resource in its own metadata',
      withMetadata({ metadata: {} }),
      'protectedResources.metadata.metadata is an option of the protected resource; move it out of "metadata", which is published (given: {})',
    ],
    [
      'an option of the resource at one of its authorization servers',
      withServers({ issuer: ISSUER, audience: 'x' }),
      'protectedResources.metadata.authorizationServers[0].audience is an option of the protected resource; move it out of "metadata" (given: \'x\')',
    ],
    [
      'an option of the server in its introspection',
      withServers({ issuer: ISSUER, introspection: { ...client, type: 'oidc' } }),
      'protectedResources.metadata.authorizationServers[0].introspection.type is an option of an authorization server; move it out of "introspection"',
    ],
    [
      'an option of a resource next to protectedResources',
      { ...good, audience: 'x' },
      'audience is an option of the protected resource; put it into one of "protectedResources" (given: \'x\')',
    ],
    [
      'a metadata field outside "metadata"',
      withResource({ jwksUri: ISSUER }),
      `protectedResources.jwksUri is what is published about the resource; put it into "metadata" (given: '${ISSUER}')`,
    ],
    [
      'an issuer outside "metadata"',
      withResource({ issuer: ISSUER }),
      `protectedResources.issuer is an option of an authorization server; put it into one of "metadata.authorizationServers" (given: '${ISSUER}')`,
    ],
    [
      'introspection in the metadata',
      withMetadata({ introspection: client }),
      'protectedResources.metadata.introspection is an option of an authorization server; put it into one of "authorizationServers"; here it would be published',
    ],
    [
      'guard in what a factory returns',
      { ...good, guard: false },
      'guard decides which providers are registered; give it next to "useFactory", not in the object that the factory returns (given: false)',
    ],
    [
      'a hole in a list',
      withResource({ audience: new Array<string>(1) }),
      'protectedResources.audience item 0 must be a non-empty string (given: [ <1 empty item> ])',
    ],
    [
      'an object of the class Boolean',
      withResource({ dangerouslySkipAudienceCheck: Object(false) as unknown }),
      'protectedResources.dangerouslySkipAudienceCheck must be true or false',
    ],
    [
      'an object of the class String',
      withMetadata({ resourceName: Object('Notes') as unknown }),
      'protectedResources.metadata.resourceName must be a non-empty string',
    ],
    [
      'metadata that is empty, as from an unset variable, with introspection',
      withServers({ metadata: '', introspection: client }),
      'protectedResources.metadata.authorizationServers[0].metadata must be an object in camelCase with at least "issuer"',
    ],
    [
      'null as the algorithm of a JWK that names an algorithm',
      withServers({
        issuer: ISSUER,
        introspection: { clientId: 'a', privateKeyJwt: { key: { alg: 'ES256' }, alg: null } },
      }),
      'introspection.privateKeyJwt.alg must be one of: RS256',
    ],
  ])('for misplaced options: %s', async (_, options, message) => {
    @Module({ imports: [forRootAsync({ useFactory: () => options })] })
    class AppModule {}
    await expect(Test.createTestingModule({ imports: [AppModule] }).compile()).rejects.toThrow(
      message,
    );
  });

  it('accepts a field of the metadata that has the name of a plain option', async () => {
    const options = withMetadata({ type: 'mcp', method: 'x' });
    @Module({ imports: [forRootAsync({ useFactory: () => options })] })
    class AppModule {}
    const app = await Test.createTestingModule({ imports: [AppModule] }).compile();
    await app.close();
  });

  it.each<[string, () => unknown, string]>([
    [
      'forRoot() with a promise',
      () => forRoot(Promise.resolve(good)),
      'forRoot() was given a promise; use forRootAsync({ useFactory: async () => … })',
    ],
    [
      'forRoot() with a promise that fails',
      () => forRoot(Promise.reject(new Error('no settings'))),
      'forRoot() was given a promise',
    ],
    ['forRoot() with a function', () => forRoot(() => good), 'use forRootAsync({ useFactory: … })'],
    ['forRoot() with a factory', () => forRoot({ useFactory: () => good }), 'use forRootAsync()'],
    ['forRoot() with nothing', () => forRoot(undefined), 'forRoot() must be given options'],
    ['forRootAsync() with nothing', () => forRootAsync(undefined), 'one of useFactory, useClass'],
    ['forRootAsync() with options', () => forRootAsync(good), 'use forRoot()'],
    [
      'forRootAsync() with options in place of a factory',
      () => forRootAsync({ useFactory: good }),
      'must be a function that returns the options',
    ],
  ])('for a wrong call: %s', (_, register, message) => {
    expect(register).toThrow(McpAuthConfigurationError);
    expect(register).toThrow(message);
  });

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'but are undefined; does the function return them?'],
    ['null', null, 'but are null; does the function'],
    ['a list', [good], 'not of the type array'],
    ['a text', 'https://api.example.com', 'not of the type string'],
  ])('for a factory that returns %s', async (_, given, message) => {
    @Module({ imports: [forRootAsync({ useFactory: () => Promise.resolve(given) })] })
    class AppModule {}
    await expect(Test.createTestingModule({ imports: [AppModule] }).compile()).rejects.toThrow(
      `The options of McpAuthModule must be an object, ${message}`,
    );
  });

  it("for discovery: 'eager' with an authorization server that does not listen yet", async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const options = {
      ...(withServers(`http://localhost:${port}`) as object),
      discovery: 'eager',
    } as never;
    const failure = await startFailure({ options });
    expect(failure?.message).toContain('ECONNREFUSED');
    expect(failure?.message).toContain("use discovery: 'on-demand'");
    expect(failure?.message).toContain('or is a part of this application');
  });

  it('for fetchServerConfig() with the URL of metadata', async () => {
    await expect(fetchServerConfig(`${ISSUER}/.well-known/openid-configuration`)).rejects.toThrow(
      `did you mean "${ISSUER}"?`,
    );
  });
});
