import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApolloFederationDriver, type ApolloFederationDriverConfig } from '@nestjs/apollo';
import {
  All,
  Controller,
  Get,
  Head,
  Injectable,
  Post,
  Scope,
  Sse,
  UseGuards,
  Version,
  VersioningType,
  type ExecutionContext,
  type Provider,
  type Type,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import {
  Directive,
  Field,
  GraphQLModule,
  ID,
  Mutation,
  ObjectType,
  Query,
  ResolveField,
  Resolver,
  ResolveReference,
  Subscription,
} from '@nestjs/graphql';
import {
  ClientProxyFactory,
  EventPattern,
  MessagePattern,
  Transport,
  type ClientProxy,
} from '@nestjs/microservices';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import {
  BearerAuthGuard,
  McpAuthConfigurationError,
  RequireScopes,
  type AuthenticatedRequest,
} from 'nestjs-mcp-auth';
import { lastValueFrom, of } from 'rxjs';
import { io } from 'socket.io-client';
import { WebSocket } from 'ws';
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
import { freePort } from '../support/mcp-flow/free-port.js';

/** The names of the handlers that ran. A rejected call must not add a name. */
const ran: string[] = [];
const run = (name: string) => {
  ran.push(name);
  return name;
};

@Controller('routes')
class RoutesController {
  @Get() get() {
    return run('get');
  }

  @Post() post() {
    return run('post');
  }

  @Head('head') head() {
    run('head');
  }

  @All('all') all() {
    return run('all');
  }

  @Sse('sse') sse() {
    return of({ data: run('sse') });
  }

  @Get(['one', 'two']) several() {
    return run('several');
  }

  @Get('version') @Version('2') version() {
    return run('version');
  }
}

abstract class BaseController {
  @Get() inherited() {
    return run('inherited');
  }
}

@Controller(['heir', 'other-heir'])
class HeirController extends BaseController {}

@Controller({ path: 'host', host: 'localhost' })
class HostController {
  @Get() host() {
    return run('host');
  }
}

@Controller({ path: 'request-scoped', scope: Scope.REQUEST })
class RequestScopedController {
  @Get() requestScoped() {
    return run('request-scoped');
  }
}

@Injectable({ scope: Scope.REQUEST, durable: true })
class DurableService {}

@Controller('durable')
class DurableController {
  constructor(readonly service: DurableService) {}

  @Get() durable() {
    return run('durable');
  }
}

@ObjectType()
@Directive('@key(fields: "id")')
class Note {
  @Field(() => ID) id!: string;
  @Field({ nullable: true }) field?: string;
}

@Resolver(() => Note)
class NotesResolver {
  @Query(() => Note, { nullable: true }) query() {
    run('query');
    return { id: '1' };
  }

  @Mutation(() => String) mutation() {
    return run('mutation');
  }

  @Subscription(() => String, { resolve: (event: string) => event }) subscription() {
    const name = run('subscription');
    return (async function* () {
      yield name;
    })();
  }

  @ResolveField(() => String) field() {
    return run('field');
  }

  @ResolveReference() reference({ id }: { id: string }) {
    run('reference');
    return { id };
  }
}

@Resolver()
class RequestScopedResolver {
  constructor(readonly service: DurableService) {}

  @Query(() => String) scopedQuery() {
    return run('scoped-query');
  }
}

@WebSocketGateway()
class RootGateway {
  @SubscribeMessage('message') message() {
    return { event: 'answer', data: run('message') };
  }
}

@WebSocketGateway({ namespace: 'named' })
class NamedGateway {
  @SubscribeMessage('message') message() {
    return { event: 'answer', data: run('named') };
  }
}

@WebSocketGateway({ namespace: 'scoped' })
class ScopedGateway {
  constructor(readonly service: DurableService) {}

  @SubscribeMessage('message') message() {
    return { event: 'answer', data: run('scoped-message') };
  }
}

/** A guard that finds the token in the payload. */
class PayloadGuard extends BearerAuthGuard {
  protected override getRequest(context: ExecutionContext): AuthenticatedRequest {
    if (context.getType() !== 'rpc') {
      return super.getRequest(context);
    }
    const { authorization } = context.switchToRpc().getData<{ authorization?: string }>();
    return { headers: { authorization } };
  }
}

@Controller()
class MessagesController {
  @MessagePattern('rpc') @UseGuards(PayloadGuard) @RequireScopes('read') rpc() {
    return run('rpc');
  }

  @EventPattern('event') @UseGuards(PayloadGuard) @RequireScopes('read') event(data: object) {
    run('authorization' in data ? 'event' : 'event without a token');
  }

  @MessagePattern('ping') ping() {
    return 'pong';
  }
}

interface World {
  url: string;
  client: ClientProxy;
}

const http =
  (method: string, path: string, headers = {}) =>
  async ({ url }: World, token?: string) => {
    const response = await fetch(`${url}/${path}`, {
      method,
      headers: { ...headers, ...(token !== undefined && bearer(token).headers) },
    });
    await response.text();
  };

const graphql =
  (query: string) =>
  async ({ url }: World, token?: string) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({
        query,
        ...(query.includes('$all') && {
          variables: { all: [{ __typename: 'Note', id: '1' }] },
        }),
      }),
    });
    await response.text();
  };

const subscription =
  (query: string) =>
  async ({ url }: World, token?: string) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const address = `${url.replace('http', 'ws')}/graphql`;
    const client = new WebSocket(address, 'graphql-transport-ws', { headers });
    await new Promise((resolve, reject) => {
      client.on('error', reject);
      client.on('open', () => client.send(JSON.stringify({ type: 'connection_init' })));
      client.on('message', (text: Buffer) => {
        const { type } = JSON.parse(text.toString()) as { type: string };
        if (type === 'connection_ack') {
          client.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
        } else {
          resolve(type);
        }
      });
    });
    client.terminate();
  };

const message =
  (namespace: string) =>
  async ({ url }: World, token?: string) => {
    const socket = io(`${url}/${namespace}`, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      ...(token !== undefined && { extraHeaders: { authorization: `Bearer ${token}` } }),
    });
    await new Promise((resolve, reject) => {
      socket.onAny(resolve);
      socket.once('connect_error', reject);
      socket.emit('message', {});
    });
    socket.disconnect();
  };

const rpc =
  (pattern: string) =>
  async ({ client }: World, token?: string) => {
    const payload = token === undefined ? {} : { authorization: `Bearer ${token}` };
    await lastValueFrom(client.send(pattern, payload)).catch(() => undefined);
  };

const event =
  (pattern: string) =>
  async ({ client }: World, token?: string) => {
    const payload = token === undefined ? {} : { authorization: `Bearer ${token}` };
    await lastValueFrom(client.emit(pattern, payload), { defaultValue: undefined });
    // The ping uses the same connection, so the server has received the event before.
    await lastValueFrom(client.send('ping', {}));
    for (let turn = 0; turn < 200 && ran.length === 0 && isGood(token); turn++) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };

/** Returns `true` for a JWT. An event has no answer, so only for a good token does the test wait for the handler. */
const isGood = (token = '') => token.includes('.');

interface Guarded {
  entry: string;
  call: (world: World, token?: string) => Promise<void>;
  /** The handlers that run for a good token. */
  runs: string[];
}

const GUARDED: Guarded[] = [
  { entry: 'a controller', call: http('GET', 'routes'), runs: ['get'] },
  { entry: 'HEAD of a GET handler', call: http('HEAD', 'routes'), runs: ['get'] },
  { entry: 'POST', call: http('POST', 'routes'), runs: ['post'] },
  { entry: '@Head()', call: http('HEAD', 'routes/head'), runs: ['head'] },
  { entry: '@All(), PUT', call: http('PUT', 'routes/all'), runs: ['all'] },
  { entry: '@All(), OPTIONS', call: http('OPTIONS', 'routes/all'), runs: ['all'] },
  { entry: '@Sse()', call: http('GET', 'routes/sse'), runs: ['sse'] },
  { entry: 'one of several paths', call: http('GET', 'routes/two'), runs: ['several'] },
  {
    entry: 'a version',
    call: http('GET', 'routes/version', { 'x-version': '2' }),
    runs: ['version'],
  },
  { entry: 'an inherited handler', call: http('GET', 'other-heir'), runs: ['inherited'] },
  {
    entry: 'a host',
    call: http('GET', 'host'),
    runs: ['host'],
  },
  {
    entry: 'a request-scoped controller',
    call: http('GET', 'request-scoped'),
    runs: ['request-scoped'],
  },
  { entry: 'a controller of a durable provider', call: http('GET', 'durable'), runs: ['durable'] },
  { entry: '@Query()', call: graphql('{ query { id } }'), runs: ['query'] },
  {
    entry: '@Query() of a request-scoped resolver',
    call: graphql('{ scopedQuery }'),
    runs: ['scoped-query'],
  },
  { entry: '@Mutation()', call: graphql('mutation { mutation }'), runs: ['mutation'] },
  {
    entry: '@Subscription()',
    call: subscription('subscription { subscription }'),
    runs: ['subscription'],
  },
  { entry: '@ResolveField()', call: graphql('{ query { field } }'), runs: ['query', 'field'] },
  {
    entry: '@ResolveReference()',
    call: graphql('query ($all: [_Any!]!) { _entities(representations: $all) { __typename } }'),
    runs: ['reference'],
  },
  { entry: 'a gateway', call: message(''), runs: ['message'] },
  { entry: 'a gateway of a namespace', call: message('named'), runs: ['named'] },
  { entry: 'a request-scoped gateway', call: message('scoped'), runs: ['scoped-message'] },
  { entry: '@MessagePattern() with a guard', call: rpc('rpc'), runs: ['rpc'] },
  { entry: '@EventPattern() with a guard', call: event('event'), runs: ['event'] },
];

describe.each(adapters)('every kind of entry point is guarded, on %s', (adapter) => {
  const issuer = useIssuer();
  let world: World;

  beforeAll(async () => {
    const microservice = { host: '127.0.0.1', port: await freePort() };
    const { app, url } = await startApp({
      adapter,
      options: oneResource(issuer.url),
      imports: [
        GraphQLModule.forRoot<ApolloFederationDriverConfig>({
          driver: ApolloFederationDriver,
          autoSchemaFile: { federation: 2 },
          graphiql: false,
          subscriptions: { 'graphql-ws': true },
          fieldResolverEnhancers: ['guards', 'interceptors'],
          plugins: [ApolloServerPluginInlineTraceDisabled()],
        }),
      ],
      controllers: [
        RoutesController,
        HeirController,
        HostController,
        RequestScopedController,
        DurableController,
        MessagesController,
      ],
      providers: [
        DurableService,
        NotesResolver,
        RequestScopedResolver,
        RootGateway,
        NamedGateway,
        ScopedGateway,
      ],
      setUp: (created) => {
        created.enableVersioning({ type: VersioningType.HEADER, header: 'x-version' });
        created.connectMicroservice({ transport: Transport.TCP, options: microservice });
      },
    });
    await app.startAllMicroservices();
    const client = ClientProxyFactory.create({ transport: Transport.TCP, options: microservice });
    world = { url, client };
  });
  afterAll(async () => {
    await world.client.close();
  });

  it.each(GUARDED)('$entry runs only with a valid token', async ({ call, runs }) => {
    ran.length = 0;
    await call(world);
    expect(ran).toEqual([]);
    await call(world, 'forged');
    expect(ran).toEqual([]);
    await call(world, await issuer.mint({ audience: RESOURCE, claims: { scope: 'read' } }));
    expect(ran).toEqual(runs);
  });
});

@WebSocketGateway()
class HookedGateway {
  @RequireScopes('read') handleConnection() {
    return undefined;
  }
}

@Resolver(() => Note)
class TypeResolver {
  @Query(() => Note, { nullable: true }) query() {
    return null;
  }

  @ResolveField(() => String) @RequireScopes('read') __resolveType() {
    return 'Note';
  }
}

@Controller()
class UnguardedMessagesController {
  @MessagePattern('a') @RequireScopes('read') message() {
    return '';
  }
}

const subgraph = () =>
  GraphQLModule.forRoot<ApolloFederationDriverConfig>({
    driver: ApolloFederationDriver,
    autoSchemaFile: { federation: 2 },
    graphiql: false,
    plugins: [ApolloServerPluginInlineTraceDisabled()],
  });

describe('an entry point that no guard protects', () => {
  afterAll(stopApps);

  it.each<[string, { providers?: Provider[]; controllers?: Type[]; imports?: never[] }, string]>([
    ['a connection hook', { providers: [HookedGateway] }, 'HookedGateway.handleConnection'],
    [
      'a message handler without its own guard',
      { controllers: [UnguardedMessagesController] },
      'UnguardedMessagesController.message',
    ],
    [
      '@ResolveReference() without guards on fields',
      { providers: [NotesResolver], imports: [subgraph()] as never[] },
      'NotesResolver.reference',
    ],
    [
      '__resolveType, which GraphQL never guards',
      { providers: [TypeResolver], imports: [subgraph()] as never[] },
      'TypeResolver.__resolveType',
    ],
  ])('stops the start: %s', async (_what, metadata, name) => {
    const options = oneResource('https://auth.example.com');
    const error = await startFailure({ options, ...metadata });
    expect(error).toBeInstanceOf(McpAuthConfigurationError);
    expect(error?.message).toContain(name);
  });
});

describe('a microservice', () => {
  const issuer = useIssuer();

  it.each([
    [
      'without inheritAppConfig rejects messages for a handler that needs a token',
      false,
      undefined,
    ],
    [
      'with inheritAppConfig guards a handler that needs a token, and answers with a token',
      true,
      'message',
    ],
  ])('%s', async (_what, inheritAppConfig, answer) => {
    @Controller()
    class AskingController {
      @MessagePattern('asking') @RequireScopes('read') asking() {
        return 'message';
      }
    }
    const microservice = { host: '127.0.0.1', port: await freePort() };
    const { app } = await startApp({
      adapter: 'express',
      options: { ...oneResource(issuer.url), guard: false },
      controllers: [AskingController],
      providers: [{ provide: APP_GUARD, useClass: PayloadGuard }],
      setUp: (created) =>
        created.connectMicroservice(
          { transport: Transport.TCP, options: microservice },
          { inheritAppConfig },
        ),
    });
    await app.startAllMicroservices();
    const client = ClientProxyFactory.create({ transport: Transport.TCP, options: microservice });
    const token = await issuer.mint({ audience: RESOURCE, claims: { scope: 'read' } });
    const payload = { authorization: `Bearer ${token}` };
    const answered = await lastValueFrom(client.send<unknown>('asking', payload)).catch(
      () => undefined,
    );
    await client.close();
    expect(answered).toBe(answer);
  });
});
