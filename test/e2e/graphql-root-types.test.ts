import { afterEach, describe, expect, it } from '@jest/globals';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { GraphQLModule, ResolveField, Resolver } from '@nestjs/graphql';
import { McpAuthConfigurationError, Public, RequireScopes } from 'nestjs-mcp-auth';
import {
  adapters,
  oneResource,
  RESOURCE,
  startApp,
  startFailure,
  stopApps,
} from '../support/app.js';
import { ask } from '../support/graphql.js';
import { useIssuer } from '../support/serve.js';

const issuer = useIssuer();

const token = (claims: Record<string, unknown> = {}, audience: string | string[] = RESOURCE) =>
  issuer.mint({ audience, claims });

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

describe.each(adapters)('the root types of a schema, on %s', (adapter) => {
  afterEach(stopApps);

  it('are guarded in a class named after the root type', async () => {
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
    ['a query', RENAMED, [RootResolver], /^RootResolver\.a starts an operation/],
    ['a mutation', RENAMED, [PublicRootResolver, ChangeResolver], /^ChangeResolver\.b starts/],
    [
      'a field with contradicting decorators',
      'type Query { a: String b: String }',
      [QueryResolver],
      /^QueryResolver\.other is @Public\(\) and yet/,
    ],
  ])('stop the start if no guard protects %s', async (_what, typeDefs, providers, message) => {
    const error = await startFailure({
      options: oneResource(issuer.url),
      imports: [written(typeDefs)],
      providers,
    });
    expect(error).toBeInstanceOf(McpAuthConfigurationError);
    expect(error?.message).toMatch(message);
  });

  it('can have other names if their fields are guarded or public', async () => {
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
