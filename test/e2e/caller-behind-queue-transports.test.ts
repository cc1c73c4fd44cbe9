import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import {
  Controller,
  Get,
  Inject,
  Injectable,
  Param,
  UseGuards,
  UseInterceptors,
  type ExecutionContext,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { Field, GraphQLModule, ObjectType, Query, ResolveField, Resolver } from '@nestjs/graphql';
import {
  BaseRpcContext,
  ClientProxyFactory,
  MessagePattern,
  Server,
  Transport,
  type ClientProxy,
  type CustomTransportStrategy,
} from '@nestjs/microservices';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { McpController, Tool } from '@rekog/mcp-nest';
import {
  AuthInfo,
  BearerAuthGuard,
  OptionalAuth,
  Public,
  RequireScopes,
  type AuthenticatedRequest,
} from 'nestjs-mcp-auth';
import { defer, lastValueFrom, of } from 'rxjs';
import { io, type Socket } from 'socket.io-client';
import {
  adapters,
  oneResource,
  RESOURCE,
  startApp,
  stopApps,
  type AppOptions,
} from '../support/app.js';
import { useIssuer } from '../support/serve.js';
import { startMcpNest, TodoEndpoint } from '../support/mcp-nest-app.js';
import { freePort } from '../support/mcp-flow/free-port.js';
import {
  QueueInterceptor,
  QUEUES,
  useQueue,
  type QueueName,
} from '../support/queue-interceptor.js';

const USERS = ['alice', 'bob', 'carol'];
const queues = Object.keys(QUEUES) as QueueName[];
const issuer = useIssuer();
let tokens: string[];

beforeAll(async () => {
  tokens = await Promise.all(
    USERS.map((sub) => issuer.mint({ audience: RESOURCE, claims: { sub, scope: 'read:notes' } })),
  );
});
afterEach(stopApps);

@Injectable()
class Names {
  constructor(private readonly authInfo: AuthInfo) {}

  now(): string {
    return 'subject' in this.authInfo ? (this.authInfo.subject ?? '') : 'nobody';
  }

  async later(): Promise<string> {
    const before = this.now();
    await delay(1);
    return before === this.now() ? before : `${before}, then ${this.now()}`;
  }
}

/** Sends requests of all users at once, with each queue. Fails unless each user's answer has only that user's name. */
async function expectOwnNames(
  ask: (token: string, index: number) => Promise<string[]>,
  names = USERS,
): Promise<void> {
  for (const queue of queues) {
    useQueue(queue);
    const answers = await Promise.all(tokens.map(ask));
    expect({ queue, names: answers.map((told) => [...new Set(told)].join()) }).toEqual({
      queue,
      names,
    });
  }
}

@ObjectType()
class Note {
  @Field(() => [String]) names!: string[];
  @Field(() => [String]) reader?: string[];
}

@Resolver(() => Note)
@UseInterceptors(QueueInterceptor)
class NotesResolver {
  @Inject() private readonly names!: Names;

  @Query(() => Note) async note(@AuthInfo('subject') member: string) {
    return { names: [member, this.names.now(), await this.names.later()] };
  }

  @Query(() => Note) observed() {
    return defer(() => of({ names: [this.names.now()] }));
  }

  @Query(() => [String]) @Public() open(@AuthInfo('subject') member?: string) {
    return [member ?? 'nobody', this.names.now()];
  }

  @ResolveField(() => [String]) async reader(@AuthInfo('subject') member: string) {
    return [member, await this.names.later()];
  }
}

@Resolver(() => Note)
class PlainResolver {
  @Inject() private readonly names!: Names;

  @Query(() => Note) async note(@AuthInfo('subject') member: string) {
    return { names: [member, await this.names.later()] };
  }

  @ResolveField(() => [String]) async reader(@AuthInfo('subject') member: string) {
    return [member, await this.names.later()];
  }
}

describe.each(adapters)('a resolver behind a queueing interceptor, on %s', (adapter) => {
  const start = async (
    { fieldResolverEnhancers }: Partial<ApolloDriverConfig>,
    more: Partial<AppOptions>,
  ) => {
    const { url } = await startApp({
      adapter,
      options: oneResource(issuer.url),
      imports: [
        GraphQLModule.forRoot<ApolloDriverConfig>({
          driver: ApolloDriver,
          autoSchemaFile: true,
          graphiql: false,
          ...(fieldResolverEnhancers && { fieldResolverEnhancers }),
        }),
      ],
      ...more,
    });
    return async (query: string, token: string) => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query }),
      });
      const { data } = (await response.json()) as { data: Record<string, unknown> };
      return JSON.stringify(data).match(/alice|bob|carol|nobody/g) ?? [];
    };
  };

  it('sees its own caller', async () => {
    const ask = await start({}, { providers: [NotesResolver, Names, QueueInterceptor] });
    await expectOwnNames(async (token) => ask('{ note { names reader } }', token));
    await expectOwnNames(async (token) => ask('{ observed { names } }', token));
    await expectOwnNames(async (token) => ask('{ open }', token), ['nobody', 'nobody', 'nobody']);
  });

  it('sees its own caller also in field resolvers', async () => {
    const ask = await start(
      { fieldResolverEnhancers: ['guards', 'interceptors'] },
      { providers: [NotesResolver, Names, QueueInterceptor] },
    );
    await expectOwnNames(async (token) => ask('{ note { names reader } }', token));
  });

  it('sees its own caller with a global queueing interceptor', async () => {
    const ask = await start(
      {},
      {
        providers: [PlainResolver, Names],
        setUp: (app) => app.useGlobalInterceptors(new QueueInterceptor()),
      },
    );
    await expectOwnNames(async (token) => ask('{ note { names reader } }', token));
  });
});

@WebSocketGateway()
class NotesGateway {
  @Inject() private readonly names!: Names;

  @SubscribeMessage('all')
  @UseInterceptors(QueueInterceptor)
  async all(@AuthInfo('subject') member: string, @AuthInfo() whole: AuthInfo) {
    const data = [member, whole.subject, this.names.now(), await this.names.later()];
    return { event: 'names', data };
  }

  @SubscribeMessage('observed')
  @UseInterceptors(QueueInterceptor)
  observed() {
    return defer(() => of({ event: 'names', data: [this.names.now()] }));
  }

  @SubscribeMessage('open') @UseInterceptors(QueueInterceptor) @Public() open(
    @AuthInfo('subject') member?: string,
  ) {
    return { event: 'names', data: [member ?? 'nobody', this.names.now()] };
  }
}

@WebSocketGateway()
@UseInterceptors(QueueInterceptor)
class QueueingGateway {
  @Inject() private readonly names!: Names;

  @SubscribeMessage('all') async all(@AuthInfo('subject') member: string) {
    return { event: 'names', data: [member, this.names.now(), await this.names.later()] };
  }
}

@WebSocketGateway()
class PlainGateway {
  @Inject() private readonly names!: Names;

  @SubscribeMessage('all') async all(@AuthInfo('subject') member: string) {
    return { event: 'names', data: [member, this.names.now(), await this.names.later()] };
  }
}

describe('a gateway behind a queueing interceptor', () => {
  const sockets: Socket[] = [];
  afterEach(() => {
    for (const socket of sockets.splice(0)) {
      socket.disconnect();
    }
  });

  const start = async (more: Partial<AppOptions>) => {
    const { url } = await startApp({
      adapter: 'express',
      options: oneResource(issuer.url),
      ...more,
    });
    const connected = tokens.map((token) => {
      const extraHeaders = { authorization: `Bearer ${token}` };
      const socket = io(url, { transports: ['websocket'], forceNew: true, extraHeaders });
      sockets.push(socket);
      return socket;
    });
    return (event: string) => async (_token: string, index: number) =>
      new Promise<string[]>((resolve) => {
        connected[index]?.once('names', resolve);
        connected[index]?.emit(event, 'the same message of all');
      });
  };

  it('sees its own caller with the interceptor on the method', async () => {
    const ask = await start({ providers: [NotesGateway, Names, QueueInterceptor] });
    await expectOwnNames(ask('all'));
    await expectOwnNames(ask('observed'));
    await expectOwnNames(ask('open'), ['nobody', 'nobody', 'nobody']);
  });

  it('sees its own caller with the interceptor on the gateway', async () => {
    const ask = await start({ providers: [QueueingGateway, Names, QueueInterceptor] });
    await expectOwnNames(ask('all'));
  });

  it('sees its own caller with a global interceptor', async () => {
    const setUp: AppOptions['setUp'] = (app) => app.useGlobalInterceptors(new QueueInterceptor());
    const ask = await start({ providers: [PlainGateway, Names], setUp });
    await expectOwnNames(ask('all'));
  });
});

/** A guard that finds the token in the payload, as an application can define it. */
class PayloadGuard extends BearerAuthGuard {
  protected override getRequest(context: ExecutionContext): AuthenticatedRequest {
    const { token } = context.switchToRpc().getData<{ token?: string }>();
    return { headers: token === undefined ? {} : { authorization: `Bearer ${token}` } };
  }
}

@Controller()
@RequireScopes('read:notes')
class MessagesController {
  @Inject() private readonly names!: Names;

  @MessagePattern('method')
  @UseInterceptors(QueueInterceptor)
  async method(@AuthInfo('subject') member: string) {
    return [member, this.names.now(), await this.names.later()];
  }

  @MessagePattern('plain') async plain(@AuthInfo('subject') member: string) {
    return [member, this.names.now(), await this.names.later()];
  }
}

/** A controller whose constructor replaces a method. Interceptors of the method would not apply to the new function. */
@Controller()
@RequireScopes('read:notes')
@UseGuards(PayloadGuard)
@UseInterceptors(QueueInterceptor)
class BoundMessagesController {
  @Inject() private readonly names!: Names;

  constructor() {
    this.bound = this.bound.bind(this);
  }

  @Get('bound') route() {
    return [];
  }

  @MessagePattern('bound') async bound(@AuthInfo('subject') member: string) {
    return [member, this.names.now(), await this.names.later()];
  }
}

describe('a message handler behind a queueing interceptor', () => {
  const clients: ClientProxy[] = [];
  afterEach(async () => {
    await Promise.all(
      clients.splice(0).map(async (client) => {
        await client.close();
      }),
    );
  });

  it.each([
    ['on the method', 'method', () => undefined],
    ['on the class of a method bound in its constructor', 'bound', () => undefined],
    [
      'bound globally',
      'plain',
      (({ app }) => app.useGlobalInterceptors(new QueueInterceptor())) as (given: {
        app: Parameters<NonNullable<AppOptions['setUp']>>[0];
      }) => void,
    ],
  ])('sees its own caller with the interceptor %s', async (_where, pattern, bind) => {
    const options = { host: '127.0.0.1', port: await freePort() };
    const { app } = await startApp({
      adapter: 'express',
      options: { ...oneResource(issuer.url), guard: false },
      controllers: [MessagesController, BoundMessagesController],
      providers: [Names, QueueInterceptor, { provide: APP_GUARD, useClass: PayloadGuard }],
      setUp: (created) => {
        bind({ app: created });
        created.connectMicroservice(
          { transport: Transport.TCP, options },
          { inheritAppConfig: true },
        );
      },
    });
    await app.startAllMicroservices();
    const client = ClientProxyFactory.create({ transport: Transport.TCP, options });
    clients.push(client);
    await expectOwnNames(async (token) => lastValueFrom(client.send<string[]>(pattern, { token })));
  });
});

/** A transport for messages that the application sends to itself. */
class OwnMessages extends Server implements CustomTransportStrategy {
  listen(callback: () => void) {
    callback();
  }

  close() {
    this.messageHandlers.clear();
  }

  on(): never {
    throw new Error('no events');
  }

  unwrap(): never {
    throw new Error('no server');
  }

  async ask(pattern: string): Promise<unknown> {
    const handled: unknown = await this.getHandlerByPattern(pattern)?.({}, new BaseRpcContext([]));
    return lastValueFrom(this.transformToObservable(handled));
  }
}

const ownMessages = new OwnMessages();

@Controller('own')
class OwnMessagesController {
  @Inject() private readonly names!: Names;

  @Get(':pattern') async send(@Param('pattern') pattern: string) {
    return ownMessages.ask(pattern);
  }

  @MessagePattern('left-alone') leftAlone(@AuthInfo('subject') member?: string) {
    return [member ?? 'nobody', this.names.now()];
  }

  @MessagePattern('public') @Public() public(@AuthInfo('subject') member?: string) {
    return [member ?? 'nobody', this.names.now()];
  }

  @MessagePattern('optional') @OptionalAuth() optional(@AuthInfo('subject') member?: string) {
    return [member ?? 'nobody', this.names.now()];
  }
}

class OwnGuard extends BearerAuthGuard {
  protected override isLeftAlone(context: ExecutionContext): boolean {
    return context.getHandler().name === 'leftAlone';
  }

  protected override getRequest(context: ExecutionContext): AuthenticatedRequest {
    return context.getType() === 'rpc' ? { headers: {} } : super.getRequest(context);
  }
}

describe('a message that a request sends within its own process', () => {
  it.each([
    ['left-alone', USERS],
    ['public', ['nobody', 'nobody', 'nobody']],
    ['optional', ['nobody', 'nobody', 'nobody']],
  ])('has the caller that the guard of its handler determines: %s', async (pattern, names) => {
    const { app, url } = await startApp({
      adapter: 'express',
      options: { ...oneResource(issuer.url), guard: false },
      controllers: [OwnMessagesController],
      providers: [Names, { provide: APP_GUARD, useClass: OwnGuard }],
      setUp: (created) =>
        created.connectMicroservice({ strategy: ownMessages }, { inheritAppConfig: true }),
    });
    await app.startAllMicroservices();
    const answers = tokens.map(async (token) => {
      const headers = { authorization: `Bearer ${token}` };
      const names = (await (await fetch(`${url}/own/${pattern}`, { headers })).json()) as string[];
      return [...new Set(names)].join();
    });
    expect(await Promise.all(answers)).toEqual(names);
  });
});

@McpController()
@UseInterceptors(QueueInterceptor)
class QueueingServer {
  @Inject() private readonly authInfo!: AuthInfo;

  @Tool({ name: 'whoami', description: 'Who is calling' })
  async whoami(@AuthInfo('subject') member: string) {
    const before = this.authInfo.subject;
    await delay(1);
    const text = [member, before, this.authInfo.subject].join(' ');
    return { content: [{ type: 'text' as const, text }] };
  }
}

describe('a tool of MCP-Nest behind a queueing interceptor', () => {
  it.each([[{}], [{ inheritAppConfig: true }]])(
    'sees its own caller, with the hybrid options %p',
    async (hybrid) => {
      const { url } = await startMcpNest({
        adapter: 'express',
        options: oneResource(issuer.url),
        controllers: [QueueingServer, TodoEndpoint],
        hybrid,
      });
      await expectOwnNames(async (token) => {
        const response = await fetch(`${url}/mcp`, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            accept: 'application/json, text/event-stream',
            authorization: `Bearer ${token}`,
          },
          body: JSON.stringify({
            jsonrpc: '2.0',
            id: 1,
            method: 'tools/call',
            params: { name: 'whoami', arguments: {} },
          }),
        });
        return (await response.text()).match(/alice|bob|carol|nobody/g) ?? [];
      });
    },
  );
});
