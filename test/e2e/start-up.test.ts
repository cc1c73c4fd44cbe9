import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Injectable, Module, Post, type Type } from '@nestjs/common';
import {
  McpAuthConfigurationError,
  McpAuthModule,
  McpEndpoint,
  OptionalAuth,
  Public,
  RequireScopes,
  Resource,
  type McpAuthModuleOptions,
  type McpAuthOptionsFactory,
} from 'nestjs-mcp-auth';
import { Test } from '@nestjs/testing';
import { oneResource, RESOURCE, startApp, startFailure, stopApps } from '../support/app.js';
import { logsOf } from '../support/logs-of.js';
import {
  expectOneMistake,
  ISSUER,
  options,
  sharedStore,
  twoResources,
} from '../support/option-mistakes.js';

afterEach(stopApps);

describe('wrong options stop the start with one line that names the path, the value and the remedy', () => {
  it.each<[string, McpAuthModuleOptions, string]>([
    [
      'no protected resource',
      {} as McpAuthModuleOptions,
      'protectedResources must be a protected resource or an array of them (given: nothing)',
    ],
    [
      'http: beyond loopback',
      options({ metadata: { resource: 'http://api.example.com' } }),
      'protectedResources.metadata.resource must use https: (http: is accepted for a loopback host such as localhost); put a proxy with a certificate before the application; while you develop, call it by localhost, or name its host in "developmentHosts" (given: \'http://api.example.com\')',
    ],
    [
      'a duplicate issuer',
      options({ metadata: { authorizationServers: [ISSUER, { issuer: ISSUER, type: 'oidc' }] } }),
      `protectedResources.metadata.authorizationServers names the issuer "${ISSUER}" twice; remove one of the two`,
    ],
    [
      'an issuer over http:',
      options({ metadata: { authorizationServers: ['http://auth.example.com'] } }),
      "protectedResources.metadata.authorizationServers[0].issuer must use https: (http: is accepted for a loopback host such as localhost); on a network that you trust, such as between containers, set allowInsecureRequests: true for this authorization server (given: 'http://auth.example.com')",
    ],
    [
      'a token cache with a misspelt option',
      options({ module: { tokenCache: { maxx: 5 } } }),
      'tokenCache.maxx is not an option; did you mean "max"?',
    ],
    [
      'a shared store with nonces that differ per instance',
      options({
        resource: { dpop: { mode: 'accepted', nonce: true } },
        module: { store: sharedStore },
      }),
      `store may be shared by several instances, which would reject each other's DPoP nonces: "dpop" of ${RESOURCE} has nonce: true without nonceSecret; set dpop.nonceSecret to the same text on all instances, at least 32 characters`,
    ],
    [
      'metadata together with issuer',
      options({
        metadata: {
          authorizationServers: [
            { issuer: ISSUER, metadata: { issuer: ISSUER, jwksUri: `${ISSUER}/jwks` } },
          ],
        },
      }),
      `protectedResources.metadata.authorizationServers[0].issuer has no effect together with "metadata", because the metadata is not fetched then; remove one of the two`,
    ],
    [
      'an unknown option',
      options({ resource: { magic: true } }),
      'protectedResources.magic is not an option; the options here are',
    ],
    [
      'a scope hierarchy with a cycle',
      options({ resource: { scopeHierarchy: { a: ['x', 'b'], b: ['c'], c: ['a'] } } }),
      'protectedResources.scopeHierarchy has a cycle, a → b → c → a; a scope cannot imply itself',
    ],
    [
      'two resources at one path',
      twoResources('https://a.example.com/x', 'https://b.example.com/x'),
      'protectedResources contains two resources with the path "/x"',
    ],
  ])('%s', async (_, given, expected) => {
    expectOneMistake(await startFailure({ options: given }), expected);
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
      'no @Resource() if there are several resources',
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
      '@Public() with @RequireScopes()',
      [Public(), RequireScopes('a')],
      oneResource(ISSUER),
      'NotesController.list is @Public() and yet @RequireScopes(); remove @Public() or @RequireScopes().',
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
    ['two scopes in one string', () => RequireScopes('a b'), '(given: "a b")'],
    [
      'an empty anyOf',
      () => RequireScopes({ anyOf: [] }),
      'must not be empty (given: {"anyOf":[]})',
    ],
    [
      'a misspelt anyOf',
      () => RequireScopes({ anyof: ['a'] } as never),
      'must be a scope, an array of scopes that are all required, or { anyOf: [...] }',
    ],
    [
      'a bad scope deep within',
      () => RequireScopes({ anyOf: ['a', ['b', 'c d']] }),
      'must be a single scope',
    ],
    [
      'too deep a nesting',
      () => RequireScopes([[[[[[[[[[['a']]]]]]]]]]]),
      'is nested more than 10 deep',
    ],
    [
      'no resource',
      () => Resource('notes'),
      '@Resource() must name a resource identifier, an absolute URL (given: "notes").',
    ],
    [
      '@Public() with @OptionalAuth()',
      () => decorated(Public(), OptionalAuth()),
      '@Public() and @OptionalAuth() are both on the method "list"; remove one of them.',
    ],
  ])('throw at decoration: %s', (_, decorate, message) => {
    expect(decorate).toThrow(McpAuthConfigurationError);
    expect(decorate).toThrow(message);
  });

  it('do not include public handlers of several resources without @Resource()', async () => {
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

  it('is refused if the module is registered twice', async () => {
    const failure = await startFailure({ options: given, imports: [McpAuthModule.forRoot(given)] });
    expect(failure?.message).toContain('McpAuthModule is registered twice');
  });

  it('logs once, at debug, which handlers are protected and how', async () => {
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

  it('logs once, at debug, which scopes the metadata does not list', async () => {
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
    const start = async (scopesSupported?: string[], resource = {}) =>
      logsOf((logger) =>
        startApp({
          adapter: 'express',
          options: options({ metadata: { scopesSupported }, resource }),
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
    expect(unlisted(await start(all, { scopePrefix: 'api://notes/' }))).toEqual([]);
    expect(unlisted(await start(undefined))).toEqual([]);
  });

  it('warns if the audience is not checked', async () => {
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
