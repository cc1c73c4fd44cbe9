import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { ApolloFederationDriver, type ApolloFederationDriverConfig } from '@nestjs/apollo';
import {
  Directive,
  Field,
  GraphQLModule,
  ID,
  InterfaceType,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  Resolver,
  ResolveReference,
} from '@nestjs/graphql';
import { AuthInfo, McpAuthConfigurationError, Public, RequireScopes } from 'nestjs-mcp-auth';
import {
  adapters,
  bearer,
  oneResource,
  RESOURCE,
  startApp,
  startFailure,
  stopApps,
} from '../support/app.js';
import { useIssuer } from '../support/serve.js';

interface Reference {
  id: string;
}

@ObjectType()
@Directive('@key(fields: "id")')
class Note {
  @Field(() => ID) id!: string;
  @Field({ nullable: true }) owner?: string;
}

@ObjectType()
@Directive('@key(fields: "id")')
class User {
  @Field(() => ID) id!: string;
  @Field({ nullable: true }) owner?: string;
}

@ObjectType()
@Directive('@key(fields: "id")')
class Tag {
  @Field(() => ID) id!: string;
  @Field({ nullable: true }) owner?: string;
}

/** The query that a schema must have. It also makes the entity a part of the schema. */
@Resolver()
class RootResolver {
  @Query(() => Note, { nullable: true }) note() {
    return null;
  }

  @Query(() => User, { nullable: true }) user() {
    return null;
  }
}

@Resolver()
class TagsResolver {
  @Query(() => Tag, { nullable: true }) tag() {
    return null;
  }
}

@Resolver(() => Note)
@RequireScopes('read:notes')
class ScopedResolver {
  @ResolveReference() find({ id }: Reference): Note {
    return { id, owner: 'alice' };
  }
}

@Resolver(() => Note)
class BareResolver {
  @ResolveReference() find({ id }: Reference): Note {
    return { id, owner: 'alice' };
  }
}

@Resolver(() => User)
class CallerResolver {
  @ResolveReference() find({ id }: Reference): User {
    return { id };
  }

  @ResolveField(() => String) owner(@AuthInfo('subject') subject: string) {
    return subject;
  }
}

/** The usual stub of an entity that another subgraph owns: `_entities` calls its fields straight away. */
@Resolver(() => Tag)
class StubResolver {
  @ResolveField(() => String) owner(@Parent() { id }: Reference) {
    return `owner of ${id}`;
  }
}

@Resolver(() => Note)
class PublicResolver {
  @ResolveReference() @Public() find({ id }: Reference): Note {
    return { id, owner: 'nobody' };
  }
}

@Resolver(() => User)
@Public()
class PublicUserResolver {
  @ResolveReference() find({ id }: Reference): User {
    return { id };
  }
}

@Resolver(() => Tag)
class PublicStubResolver {
  @ResolveField(() => String) @Public() owner(@Parent() { id }: Reference) {
    return `owner of ${id}`;
  }
}

@Resolver(() => Tag)
class ContradictoryResolver {
  @ResolveField(() => String) @Public() @RequireScopes('a') owner() {
    return '';
  }
}

@InterfaceType({ resolveType: () => Page })
abstract class Titled {
  @Field(() => ID) id!: string;
}

@ObjectType({ implements: () => [Titled] })
@Directive('@key(fields: "id")')
class Page extends Titled {}

@Resolver(() => Titled)
class TitledResolver {
  @Query(() => Titled, { nullable: true }) titled() {
    return null;
  }

  @Query(() => Page, { nullable: true }) page() {
    return null;
  }

  @ResolveField(() => String) title(@Parent() { id }: Reference) {
    return `title of ${id}`;
  }
}

@Resolver(() => Page)
class PublicPageResolver {
  @ResolveReference() @Public() find({ id }: Reference): Page {
    return { id };
  }
}

/** A schema that is written by hand. With it, a field resolver can be a reference resolver by its name. */
const WRITTEN = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.0", import: ["@key"])
  type Query { note: Note }
  type Note @key(fields: "id") { id: ID owner: String }
`;

@Resolver('Note')
class NamedReferenceResolver {
  @ResolveField() __resolveReference({ id }: Reference) {
    return { id, owner: 'alice' };
  }
}

@Resolver('Note')
class FieldNameResolver {
  @ResolveField('__resolveReference') @RequireScopes('read:notes') find({ id }: Reference) {
    return { id, owner: 'alice' };
  }
}

const subgraph = (more: Partial<ApolloFederationDriverConfig> = {}) =>
  GraphQLModule.forRoot<ApolloFederationDriverConfig>({
    driver: ApolloFederationDriver,
    autoSchemaFile: { federation: 2 },
    graphiql: false,
    plugins: [ApolloServerPluginInlineTraceDisabled()],
    ...more,
  });
const GUARDED = { fieldResolverEnhancers: ['guards' as const, 'interceptors' as const] };

interface Answer {
  data?: { _entities: unknown[] } | null;
  errors?: { extensions?: { code?: string; challenge?: string } }[];
}

async function entity(url: string, type: string, token?: string): Promise<Answer> {
  const query = `query ($representations: [_Any!]!) {
    _entities(representations: $representations) { ... on ${type} { id owner } }
  }`;
  const variables = { representations: [{ __typename: type, id: '1' }] };
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && bearer(token).headers) },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as Answer;
}

const issuer = useIssuer();

const token = (claims: Record<string, unknown> = {}) => issuer.mint({ audience: RESOURCE, claims });

describe.each(adapters)('_entities of a federated subgraph, on %s', (adapter) => {
  let url: string;

  beforeAll(async () => {
    const started = await startApp({
      adapter,
      options: oneResource(issuer.url),
      imports: [subgraph(GUARDED)],
      providers: [RootResolver, TagsResolver, ScopedResolver, CallerResolver, StubResolver],
    });
    url = started.url;
  });
  afterAll(stopApps);

  it('are guarded at a reference resolver', async () => {
    const anonymous = await entity(url, 'Note');
    expect(anonymous.data?._entities ?? [null]).toEqual([null]);
    expect(anonymous.errors?.[0]?.extensions).toMatchObject({
      code: 'unauthorized',
      challenge: expect.stringContaining('scope="read:notes"'),
    });
    const refused = await entity(url, 'Note', await token());
    expect(refused.errors?.[0]?.extensions?.code).toBe('insufficient_scope');
    expect(await entity(url, 'Note', await token({ scope: 'read:notes' }))).toEqual({
      data: { _entities: [{ id: '1', owner: 'alice' }] },
    });
  });

  it('provide the caller to a field resolver below a reference resolver', async () => {
    expect((await entity(url, 'User', await token())).data?._entities).toEqual([
      { id: '1', owner: 'alice' },
    ]);
    expect((await entity(url, 'User')).errors?.[0]?.extensions?.code).toBe('unauthorized');
  });

  it('are guarded at a field resolver named __resolveReference', async () => {
    const started = await startApp({
      adapter,
      options: oneResource(issuer.url),
      imports: [subgraph({ ...GUARDED, autoSchemaFile: undefined, typeDefs: WRITTEN })],
      providers: [FieldNameResolver],
    });
    const anonymous = await entity(started.url, 'Note');
    expect(anonymous.errors?.[0]?.extensions?.code).toBe('unauthorized');
    const refused = await entity(started.url, 'Note', await token());
    expect(refused.errors?.[0]?.extensions?.code).toBe('insufficient_scope');
    const granted = await entity(started.url, 'Note', await token({ scope: 'read:notes' }));
    expect(granted.data?._entities).toEqual([{ id: '1', owner: 'alice' }]);
  });

  it('are guarded at the fields of an entity without a reference resolver', async () => {
    expect((await entity(url, 'Tag')).errors?.[0]?.extensions?.code).toBe('unauthorized');
    expect((await entity(url, 'Tag', await token())).data?._entities).toEqual([
      { id: '1', owner: 'owner of 1' },
    ]);
  });
});

describe('a subgraph without guards in fieldResolverEnhancers', () => {
  afterAll(stopApps);

  it('starts if a reference resolver, or a field of an entity without a reference resolver, is @Public()', async () => {
    const { url } = await startApp({
      adapter: 'express',
      options: oneResource(issuer.url),
      imports: [subgraph()],
      providers: [
        RootResolver,
        TagsResolver,
        PublicResolver,
        PublicStubResolver,
        PublicUserResolver,
      ],
    });
    expect((await entity(url, 'Note')).data?._entities).toEqual([{ id: '1', owner: 'nobody' }]);
    expect((await entity(url, 'User')).data?._entities).toEqual([{ id: '1', owner: null }]);
    expect((await entity(url, 'Tag', 'forged')).data?._entities).toEqual([
      { id: '1', owner: 'owner of 1' },
    ]);
  });

  it.each([
    ['a reference resolver', BareResolver, /^BareResolver\.find is a reference resolver/],
    [
      'a reference resolver whose class needs scopes',
      ScopedResolver,
      /^ScopedResolver\.find is a reference resolver/,
    ],
    [
      'the field of an entity without a reference resolver',
      StubResolver,
      /type "Tag" has no .* StubResolver\.owner without/,
    ],
    [
      'a field with contradicting decorators',
      ContradictoryResolver,
      /\.owner is @Public\(\) and yet/,
    ],
  ])('does not start with %s', async (_what, resolver, message) => {
    const error = await startFailure({
      options: oneResource(issuer.url),
      imports: [subgraph()],
      providers: [TagsResolver, resolver],
    });
    expect(error).toBeInstanceOf(McpAuthConfigurationError);
    expect(error?.message).toMatch(message);
  });

  it('does not start with the field of an interface if only the entity has a reference resolver', async () => {
    const error = await startFailure({
      options: oneResource(issuer.url),
      imports: [subgraph()],
      providers: [TitledResolver, PublicPageResolver],
    });
    expect(error).toBeInstanceOf(McpAuthConfigurationError);
    expect(error?.message).toMatch(/type "Titled" has no .* TitledResolver\.title without/);
  });

  it.each([
    ['the method', NamedReferenceResolver, /__resolveReference is a reference resolver/],
    ['the field', FieldNameResolver, /^FieldNameResolver\.find is a reference resolver/],
  ])(
    'does not start with a reference resolver declared by the name of %s',
    async (_what, type, message) => {
      const error = await startFailure({
        options: oneResource(issuer.url),
        imports: [subgraph({ autoSchemaFile: undefined, typeDefs: WRITTEN })],
        providers: [type],
      });
      expect(error).toBeInstanceOf(McpAuthConfigurationError);
      expect(error?.message).toMatch(message);
    },
  );
});
