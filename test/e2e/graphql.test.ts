import { Agent, request as httpRequest } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Catch, Injectable, type ExceptionFilter, type PipeTransform } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { Args, Field, Mutation, ObjectType, Query, ResolveField, Resolver } from '@nestjs/graphql';
import {
  AuthInfo,
  BearerAuthException,
  McpAuthConfigurationError,
  OptionalAuth,
  Public,
  RequireScopes,
  Resource,
  type McpAuthModuleOptions,
} from 'nestjs-mcp-auth';
import {
  adapters,
  oneResource,
  RESOURCE,
  startApp,
  startFailure,
  stopApps,
} from '../support/app.js';
import { ask, graphqlModule, NotesService } from '../support/graphql.js';
import { useIssuer } from '../support/serve.js';

const METADATA = 'https://api.example.com/.well-known/oauth-protected-resource/notes';

@ObjectType()
class Note {
  @Field() owner!: string;
  @Field() injected!: string;
  @Field() piped!: string;
  @Field({ nullable: true }) reader?: string;
}

@Injectable()
class SubjectPipe implements PipeTransform {
  constructor(private readonly authInfo: AuthInfo) {}

  transform() {
    return this.authInfo.subject ?? 'nobody';
  }
}

@Resolver(() => Note)
class NotesResolver {
  constructor(private readonly notes: NotesService) {}

  @Query(() => [Note])
  async list(
    @AuthInfo('subject') owner: string,
    @Args('x', { type: () => String, nullable: true }, SubjectPipe) piped: string,
  ) {
    return [{ owner, injected: await this.notes.owner(), piped }];
  }

  @Query(() => String) @Public() async open() {
    await delay(Math.random() * 4);
    return `known: ${this.notes.known()}`;
  }

  @Query(() => String) @OptionalAuth() optional(@AuthInfo() caller?: AuthInfo) {
    return caller?.subject ?? 'anonymous';
  }

  @Query(() => String) @RequireScopes('read:notes') read() {
    return 'read';
  }

  @Mutation(() => String) @RequireScopes('read:notes', 'write:notes') write() {
    return 'written';
  }

  @Query(() => String)
  @RequireScopes((request: { method: string }) => `${request.method}:notes`)
  computed() {
    return 'computed';
  }

  @ResolveField(() => String) async reader() {
    return this.notes.owner();
  }
}

const issuer = useIssuer();

const token = (claims: Record<string, unknown> = {}, audience: string | string[] = RESOURCE) =>
  issuer.mint({ audience, claims });

describe.each(adapters)('GraphQL, on %s', (adapter) => {
  let url: string;

  beforeAll(async () => {
    const started = await startApp({
      adapter,
      options: oneResource(issuer.url),
      imports: [graphqlModule()],
      providers: [NotesResolver, NotesService, SubjectPipe],
    });
    url = started.url;
  });
  afterAll(stopApps);

  it('provides the caller to parameters, pipes, services and field resolvers', async () => {
    const { data, errors, challenge } = await ask(
      url,
      '{ list(x: "y") { owner injected piped reader } }',
      await token(),
    );
    expect(errors).toBeUndefined();
    expect(challenge).toBeNull();
    expect(data).toEqual({
      list: [{ owner: 'alice', injected: 'alice', piped: 'alice', reader: 'alice' }],
    });
  });

  it.each([
    {
      what: 'no token',
      given: async () => undefined,
      query: '{ read }',
      code: 'unauthorized',
      challenge: `Bearer resource_metadata="${METADATA}", scope="read:notes"`,
    },
    {
      what: 'an expired token',
      given: () => token({ exp: 1 }),
      query: '{ read }',
      code: 'invalid_token',
      challenge: `Bearer error="invalid_token", error_description="The access token expired.", resource_metadata="${METADATA}", scope="read:notes"`,
    },
    {
      what: 'a bad token if a token is optional',
      given: async () => 'forged',
      query: '{ optional }',
      code: 'invalid_token',
      challenge: `Bearer error="invalid_token", error_description="The access token is malformed.", resource_metadata="${METADATA}"`,
    },
    {
      what: 'a token without the scopes',
      given: () => token({ scope: 'read:notes' }),
      query: 'mutation { write }',
      code: 'insufficient_scope',
      challenge: `Bearer error="insufficient_scope", error_description="The access token lacks a scope that this operation needs.", resource_metadata="${METADATA}", scope="read:notes write:notes"`,
    },
    {
      what: 'an unreadable token',
      given: async () => 'a b',
      query: '{ list { owner } }',
      code: 'invalid_request',
      challenge: `Bearer error="invalid_request", error_description="The request holds more than one token, or one with characters that no token has.", resource_metadata="${METADATA}"`,
    },
  ])('rejects $what', async ({ given, query, code, challenge }) => {
    const answer = await ask(url, query, await given());
    expect(answer.data).toBeNull();
    expect(answer.errors).toHaveLength(1);
    expect(answer.errors?.[0]?.extensions).toMatchObject({ code, challenge });
    expect(answer.challenge).toBe(challenge);
    expect(answer.exposed).toContain('WWW-Authenticate');
    expect(answer.status).toBe(200);
  });

  it('answers operations that are granted, public or optional', async () => {
    const granted = await token({ scope: 'read:notes write:notes POST:notes' });
    expect(await ask(url, 'mutation { write }', granted)).toMatchObject({
      data: { write: 'written' },
    });
    expect((await ask(url, '{ computed }', granted)).data).toEqual({ computed: 'computed' });
    expect((await ask(url, '{ computed }', await token())).challenge).toContain('POST:notes');
    expect((await ask(url, '{ open optional }')).data).toEqual({
      open: 'known: false',
      optional: 'anonymous',
    });
    expect((await ask(url, '{ optional open }', granted)).data).toEqual({
      open: 'known: false',
      optional: 'alice',
    });
  });

  it('does not give a @Public() field the caller of the field next to it', async () => {
    const { data } = await ask(url, '{ list { owner } open a: open }', await token());
    expect(data).toEqual({
      list: [{ owner: 'alice' }],
      open: 'known: false',
      a: 'known: false',
    });
  });

  it('has the right caller in each of 600 requests of 60 users over 30 connections', async () => {
    const users = Array.from({ length: 60 }, (_, index) => `user-${index}`);
    const tokens = await Promise.all(users.map((sub) => token({ sub })));
    const agent = new Agent({ keepAlive: true, maxSockets: 30 });
    const query = '{ list(x: "y") { owner injected piped reader } open optional }';
    const answers = await Promise.all(
      Array.from({ length: 600 }, async (_, index) => ({
        user: users[index % 60] ?? '',
        answer: await slowPost(`${url}/graphql`, agent, tokens[index % 60] ?? '', query),
      })),
    );
    agent.destroy();
    const wrong = answers.filter(({ user, answer }) => {
      const right = { owner: user, injected: user, piped: user, reader: user };
      const expected = { data: { list: [right], open: 'known: false', optional: user } };
      return JSON.stringify(answer) !== JSON.stringify(expected);
    });
    expect(answers).toHaveLength(600);
    expect(wrong).toEqual([]);
  });
});

/** Sends the body in two parts, so that it is parsed in a later turn of the event loop than the head. */
async function slowPost(url: string, agent: Agent, bearer: string, query: string) {
  const body = JSON.stringify({ query });
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' };
    const request = httpRequest(url, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve(JSON.parse(text)));
    });
    request.on('error', reject);
    request.write(body.slice(0, 5));
    setImmediate(() => request.end(body.slice(5)));
  });
}

@Catch(BearerAuthException)
class OwnFilter implements ExceptionFilter {
  catch(exception: BearerAuthException) {
    return Object.assign(exception, { message: `filtered ${exception.code}` });
  }
}

@Resolver(() => Note)
class GuardedFieldsResolver {
  @Query(() => Note) @Public() note() {
    return { owner: 'x', injected: '', piped: '' };
  }

  @ResolveField(() => String) @RequireScopes('secrets') reader(
    @AuthInfo('subject') caller: string,
  ) {
    return caller;
  }
}

describe.each(adapters)('GraphQL with other settings, on %s', (adapter) => {
  afterEach(stopApps);
  const options = () => oneResource(issuer.url);

  it('guards field resolvers if fieldResolverEnhancers contains "guards"', async () => {
    const { url } = await startApp({
      adapter,
      options: options(),
      imports: [graphqlModule({ fieldResolverEnhancers: ['guards', 'interceptors'] })],
      providers: [GuardedFieldsResolver],
    });
    const query = '{ note { owner reader } }';
    const refused = await ask(url, query, await token());
    expect(refused.data).toEqual({ note: { owner: 'x', reader: null } });
    expect(refused.errors?.[0]).toMatchObject({
      path: ['note', 'reader'],
      extensions: { code: 'insufficient_scope' },
    });
    expect(refused.challenge).toContain('scope="secrets"');
    const granted = await ask(url, query, await token({ scope: 'secrets' }));
    expect(granted.data).toEqual({ note: { owner: 'x', reader: 'alice' } });
  });

  it('gives rejections to a filter of the application', async () => {
    const { url } = await startApp({
      adapter,
      options: options(),
      imports: [graphqlModule()],
      providers: [
        NotesResolver,
        NotesService,
        SubjectPipe,
        { provide: APP_FILTER, useClass: OwnFilter },
      ],
    });
    const answer = await ask(url, '{ read }');
    expect(answer.errors?.[0]).toMatchObject({
      message: 'filtered unauthorized',
      extensions: { code: 'unauthorized' },
    });
    expect(answer.challenge).toContain('Bearer');
  });

  it('finds the request in the application’s own context', async () => {
    const { url } = await startApp({
      adapter,
      options: options(),
      imports: [
        graphqlModule({
          context: (given: object) => ({ request: (given as { req?: object }).req ?? given }),
        }),
      ],
      providers: [NotesResolver, NotesService, SubjectPipe],
    });
    expect((await ask(url, '{ read }', await token({ scope: 'read:notes' }))).data).toEqual({
      read: 'read',
    });
    expect((await ask(url, '{ read }')).challenge).toContain('Bearer');
  });

  it('lets no request in if the context holds no request', async () => {
    const { url } = await startApp({
      adapter,
      options: options(),
      imports: [graphqlModule({ context: () => ({ req: { nothing: true } }) })],
      providers: [NotesResolver, NotesService, SubjectPipe],
    });
    const answer = await ask(url, '{ list { owner } }', await token());
    expect(answer.data).toBeNull();
    expect(answer.errors?.[0]?.message).toContain('NotesResolver.list holds no request');
    expect((await ask(url, '{ open }')).data).toEqual({ open: 'known: false' });
  });
});

const OTHER = 'https://api.example.com/admin';
const twoResources = (): McpAuthModuleOptions => ({
  protectedResources: [RESOURCE, OTHER].map((resource) => ({
    metadata: { resource, authorizationServers: [issuer.url] },
  })),
});

@Resolver()
@Resource(RESOURCE)
class TwoResourcesResolver {
  @Query(() => String) async mine(@AuthInfo() caller: AuthInfo) {
    await delay(2);
    return caller.resource.href;
  }

  @Query(() => String) @Resource(OTHER) async admin(@AuthInfo() caller: AuthInfo) {
    return caller.resource.href;
  }
}

@Resolver()
class HomelessResolver {
  @Query(() => String) homeless() {
    return '';
  }
}

@Resolver()
class StrayResolver {
  @Mutation(() => String) @Resource('https://elsewhere.example.com') stray() {
    return '';
  }
}

@Resolver()
class ContradictoryResolver {
  @Query(() => String) @Public() @RequireScopes('a') both() {
    return '';
  }
}

@Resolver(() => Note)
@RequireScopes('secrets')
class ScopedClassResolver {
  @ResolveField(() => String) reader() {
    return 'reader';
  }
}

@Resolver(() => Note)
@Resource(RESOURCE)
class ResourceClassResolver {
  @ResolveField(() => String) reader() {
    return 'reader';
  }
}

describe('the requirements of a resolver', () => {
  afterEach(stopApps);

  it('apply per resource', async () => {
    const { url } = await startApp({
      adapter: 'express',
      options: twoResources(),
      imports: [graphqlModule()],
      providers: [TwoResourcesResolver],
    });
    const notes = await token({}, RESOURCE);
    expect((await ask(url, '{ mine }', notes)).data).toEqual({ mine: RESOURCE });
    const refused = await ask(url, '{ admin }', notes);
    expect(refused.errors?.[0]?.extensions.code).toBe('invalid_token');
    expect(refused.challenge).toContain('/.well-known/oauth-protected-resource/admin"');
    const both = await token({}, [RESOURCE, OTHER]);
    expect((await ask(url, '{ mine admin }', both)).data).toEqual({ mine: RESOURCE, admin: OTHER });
  });

  it.each([
    ['a resolver of no resource', HomelessResolver, 'HomelessResolver.homeless belongs to no'],
    [
      'a resolver of an unknown resource',
      StrayResolver,
      'StrayResolver.stray belongs to @Resource(',
    ],
    [
      'a resolver with contradicting decorators',
      ContradictoryResolver,
      'ContradictoryResolver.both is @Public',
    ],
    ['an unguarded field resolver with scopes', GuardedFieldsResolver, 'fieldResolverEnhancers'],
    [
      'an unguarded field resolver whose class has scopes',
      ScopedClassResolver,
      'reader is a field resolver with @Requir',
    ],
    [
      'an unguarded field resolver whose class has a resource',
      ResourceClassResolver,
      'reader is a field resolver with @R',
    ],
  ])('stop the boot for %s', async (_what, resolver, message) => {
    const error = await startFailure({
      options: twoResources(),
      imports: [graphqlModule()],
      providers: [resolver, TwoResourcesResolver],
    });
    expect(error).toBeInstanceOf(McpAuthConfigurationError);
    expect(error?.message).toContain(message);
  });

  it('are listed in the summary at start-up', async () => {
    const lines: string[] = [];
    const ignore = () => undefined;
    const debug = (line: string) => lines.push(line);
    const logger = { debug, log: ignore, warn: ignore, error: ignore };
    await startApp({
      adapter: 'express',
      options: oneResource(issuer.url),
      imports: [graphqlModule()],
      providers: [NotesResolver, NotesService, SubjectPipe],
      nest: { logger },
    });
    const summary = lines.find((line) => line.startsWith('Protected handlers'));
    expect(summary).toContain('NotesResolver.write [read:notes write:notes]');
    expect(summary).not.toContain('NotesResolver.reader');
  });
});
