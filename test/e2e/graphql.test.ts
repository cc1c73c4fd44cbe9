import { Agent, request as httpRequest } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Catch, Injectable, type ExceptionFilter, type PipeTransform } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import {
  Args,
  Field,
  GraphQLModule,
  Mutation,
  ObjectType,
  Query,
  ResolveField,
  Resolver,
  Subscription,
} from '@nestjs/graphql';
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
import { WebSocket } from 'ws';
import {
  adapters,
  oneResource,
  RESOURCE,
  startApp,
  startFailure,
  stopApps,
} from '../support/app.js';
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
class NotesService {
  constructor(private readonly authInfo: AuthInfo) {}

  async owner(): Promise<string> {
    await delay(Math.random() * 4);
    return this.authInfo.subject ?? 'nobody';
  }

  known(): boolean {
    return 'token' in this.authInfo;
  }
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

const graphqlModule = (more: Partial<ApolloDriverConfig> = {}) =>
  GraphQLModule.forRoot<ApolloDriverConfig>({
    driver: ApolloDriver,
    autoSchemaFile: true,
    graphiql: false,
    ...more,
  });

interface GraphqlError {
  message: string;
  path: string[];
  extensions: { code: string; challenge?: string };
}
interface Answer {
  status: number;
  challenge: string | null;
  exposed: string | null;
  data: Record<string, unknown> | null;
  errors?: GraphqlError[];
}

async function ask(url: string, query: string, token?: string): Promise<Answer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query }),
  });
  return {
    status: response.status,
    challenge: response.headers.get('www-authenticate'),
    exposed: response.headers.get('access-control-expose-headers'),
    ...((await response.json()) as Pick<Answer, 'data' | 'errors'>),
  };
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

  it('gives the caller to parameters, pipes, services and field resolvers', async () => {
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
      what: 'a bad token where it is optional',
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
  ])('refuses $what', async ({ given, query, code, challenge }) => {
    const answer = await ask(url, query, await given());
    expect(answer.data).toBeNull();
    expect(answer.errors).toHaveLength(1);
    expect(answer.errors?.[0]?.extensions).toMatchObject({ code, challenge });
    expect(answer.challenge).toBe(challenge);
    expect(answer.exposed).toContain('WWW-Authenticate');
    expect(answer.status).toBe(200);
  });

  it('answers what is granted, public or optional', async () => {
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

  it('does not serve a @Public() field the caller of the field beside it', async () => {
    const { data } = await ask(url, '{ list { owner } open a: open }', await token());
    expect(data).toEqual({
      list: [{ owner: 'alice' }],
      open: 'known: false',
      a: 'known: false',
    });
  });

  it('is the right caller in each of 600 requests of 60 users over 30 connections', async () => {
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

/** The body in two parts, so that it is parsed in another turn of the event loop. */
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

describe.each(adapters)('GraphQL set up otherwise, on %s', (adapter) => {
  afterEach(stopApps);
  const options = () => oneResource(issuer.url);

  it('guards field resolvers, where guards are among the field resolver enhancers', async () => {
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

  it('lets a filter of the application answer', async () => {
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

  it('finds the request in a context of the application’s own', async () => {
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

  it('lets nobody in where the context holds no request', async () => {
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

/** A schema that is written by hand: Nest knows its types by their names. */
const written = (typeDefs: string, more: Partial<ApolloDriverConfig> = {}) =>
  GraphQLModule.forRoot<ApolloDriverConfig>({
    driver: ApolloDriver,
    typeDefs,
    graphiql: false,
    ...more,
  });
const RENAMED =
  'schema { query: Root mutation: Change } type Root { a: String } type Change { b: String }';

@Resolver('Root')
class RootResolver {
  @ResolveField() a() {
    return 'a';
  }
}

@Resolver('Root')
class PublicRootResolver {
  @ResolveField() @Public() a() {
    return 'a';
  }
}

@Resolver('Change')
class ChangeResolver {
  @ResolveField() b() {
    return 'b';
  }
}

@Resolver('Query')
@RequireScopes('read')
class QueryResolver {
  @ResolveField() a() {
    return 'a';
  }

  @ResolveField('b') @Public() @RequireScopes('contradicts') other() {
    return 'b';
  }
}

@Resolver('Query')
@RequireScopes('read')
class NamedQueryResolver {
  @ResolveField() a() {
    return 'a';
  }

  @ResolveField('b') other() {
    return 'b';
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

describe.each(adapters)('the root types of a schema, on %s', (adapter) => {
  afterEach(stopApps);

  it('are guarded in a class that is named after one', async () => {
    const { url } = await startApp({
      adapter,
      options: oneResource(issuer.url),
      imports: [written('type Query { a: String b: String }')],
      providers: [NamedQueryResolver],
    });
    expect((await ask(url, '{ a b }')).data).toEqual({ a: null, b: null });
    const refused = await ask(url, '{ a b }', await token());
    expect(refused.data).toEqual({ a: null, b: null });
    expect(refused.challenge).toContain('scope="read"');
    const granted = await ask(url, '{ a b }', await token({ scope: 'read' }));
    expect(granted.data).toEqual({ a: 'a', b: 'b' });
  });

  it.each([
    ['a query', RENAMED, [RootResolver], /^RootResolver\.a is where an operation begins/],
    ['a mutation', RENAMED, [PublicRootResolver, ChangeResolver], /^ChangeResolver\.b is where/],
    [
      'a contradiction',
      'type Query { a: String b: String }',
      [QueryResolver],
      /^QueryResolver\.other is @Public\(\) and yet/,
    ],
  ])('stop the start where no guard comes to %s', async (_what, typeDefs, providers, message) => {
    const error = await startFailure({
      options: oneResource(issuer.url),
      imports: [written(typeDefs)],
      providers,
    });
    expect(error).toBeInstanceOf(McpAuthConfigurationError);
    expect(error?.message).toMatch(message);
  });

  it('may have other names where fields are guarded, or open on purpose', async () => {
    const enhanced = written(RENAMED, { fieldResolverEnhancers: ['guards', 'interceptors'] });
    const options = oneResource(issuer.url);
    const providers = [RootResolver, ChangeResolver];
    const { url } = await startApp({ adapter, options, imports: [enhanced], providers });
    expect((await ask(url, '{ a }')).data).toEqual({ a: null });
    expect((await ask(url, 'mutation { b }')).data).toEqual({ b: null });
    expect((await ask(url, 'mutation { b }', await token())).data).toEqual({ b: 'b' });
    const open = await startApp({
      adapter,
      options,
      imports: [written(RENAMED)],
      providers: [PublicRootResolver],
    });
    expect((await ask(open.url, '{ a }')).data).toEqual({ a: 'a' });
  });
});

describe('what a resolver demands', () => {
  afterEach(stopApps);

  it('holds for each of several resources', async () => {
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
    ['one of an unknown resource', StrayResolver, 'StrayResolver.stray belongs to @Resource('],
    ['one that contradicts itself', ContradictoryResolver, 'ContradictoryResolver.both is @Public'],
    ['an unguarded field that needs scopes', GuardedFieldsResolver, 'fieldResolverEnhancers'],
    [
      'one whose class needs scopes',
      ScopedClassResolver,
      'reader is a field resolver with @Requir',
    ],
    ['one whose class has a resource', ResourceClassResolver, 'reader is a field resolver with @R'],
  ])('stops the boot for %s', async (_what, resolver, message) => {
    const error = await startFailure({
      options: twoResources(),
      imports: [graphqlModule()],
      providers: [resolver, TwoResourcesResolver],
    });
    expect(error).toBeInstanceOf(McpAuthConfigurationError);
    expect(error?.message).toContain(message);
  });

  it('is in the summary', async () => {
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

@Resolver()
class TicksResolver {
  constructor(private readonly notes: NotesService) {}

  @Query(() => String) @Public() nothing() {
    return '';
  }

  @Subscription(() => String, { resolve: (event: string) => event })
  @RequireScopes('read:ticks')
  async ticks(@AuthInfo('subject') parameter: string) {
    const injected = await this.notes.owner();
    return (async function* () {
      yield `${parameter} ${injected}`;
    })();
  }
}

@ObjectType()
class Letter {
  @Field() id!: string;
  @Field() mine?: string;
  @Field() injected?: string;
}

@Resolver(() => Letter)
class LettersResolver {
  constructor(private readonly authInfo: AuthInfo) {}

  @Query(() => Letter) letter(@AuthInfo('subject') id: string) {
    return { id };
  }

  @Query(() => Letter) @Public() open() {
    return { id: '' };
  }

  @Subscription(() => Letter) async letters() {
    return (async function* () {
      yield { letters: { id: 'x' } };
    })();
  }

  @ResolveField(() => String) async mine(@AuthInfo('subject') owner?: string) {
    await delay(1);
    return owner ?? 'nobody';
  }

  @ResolveField(() => String) injected() {
    return this.authInfo.subject;
  }
}

/** What the server says to a subscription, over graphql-transport-ws. */
async function subscribe(url: string, query: string, bearer?: string): Promise<unknown> {
  const client = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
    headers: bearer === undefined ? {} : { authorization: `Bearer ${bearer}` },
  });
  const send = (message: object) => client.send(JSON.stringify(message));
  try {
    return await new Promise((resolve, reject) => {
      client.on('error', reject);
      client.on('open', () =>
        send({ type: 'connection_init', payload: { authorization: `Bearer ${bearer}` } }),
      );
      client.on('message', (text: Buffer) => {
        const { type, payload } = JSON.parse(text.toString()) as Record<string, unknown>;
        if (type === 'connection_ack') {
          send({ id: '1', type: 'subscribe', payload: { query } });
        } else {
          resolve(payload);
        }
      });
    });
  } finally {
    client.terminate();
  }
}

describe('a subscription over a WebSocket', () => {
  afterEach(stopApps);

  it('takes the token of the handshake', async () => {
    const { url } = await startApp({
      adapter: 'express',
      options: oneResource(issuer.url),
      imports: [graphqlModule({ subscriptions: { 'graphql-ws': true } })],
      providers: [TicksResolver, NotesService],
    });
    const granted = await token({ scope: 'read:ticks' });
    expect(await subscribe(url, 'subscription { ticks }', granted)).toEqual({
      data: { ticks: 'alice alice' },
    });
    const refused = await subscribe(url, 'subscription { ticks }', await token());
    expect(JSON.stringify(refused)).toContain('insufficient_scope');
    expect(JSON.stringify(await subscribe(url, 'subscription { ticks }'))).toContain(
      'unauthorized',
    );
  });

  it.each([
    ['the context of the driver', {}],
    ['a context of the application', { context: (given: object) => ({ ...given, loaders: {} }) }],
  ])('names the caller to the parameters of field resolvers, by %s', async (_which, more) => {
    const { url } = await startApp({
      adapter: 'express',
      options: oneResource(issuer.url),
      imports: [graphqlModule({ subscriptions: { 'graphql-ws': true }, ...more })],
      providers: [LettersResolver],
    });
    const query = '{ letter { id mine } }';
    const asked = await Promise.all(
      ['alice', 'bob'].map(async (sub) => subscribe(url, query, await token({ sub }))),
    );
    expect(asked).toEqual(
      ['alice', 'bob'].map((sub) => ({ data: { letter: { id: sub, mine: sub } } })),
    );
    const events = await subscribe(url, 'subscription { letters { mine } }', await token());
    expect(events).toEqual({ data: { letters: { mine: 'alice' } } });
    const injected = await subscribe(url, '{ letter { injected } }', await token());
    expect(JSON.stringify(injected)).toContain('there is no authenticated caller');
    expect(await subscribe(url, '{ open { mine } }')).toEqual({
      data: { open: { mine: 'nobody' } },
    });
  });
});
