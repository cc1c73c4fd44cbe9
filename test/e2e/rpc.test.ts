import { afterEach, describe, expect, it } from '@jest/globals';
import {
  Controller,
  Get,
  Injectable,
  Scope,
  UseGuards,
  UseInterceptors,
  type ExecutionContext,
  type INestApplication,
  type INestMicroservice,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import {
  ClientProxyFactory,
  EventPattern,
  MessagePattern,
  Payload,
  Transport,
  type ClientProxy,
} from '@nestjs/microservices';
import {
  AuthInfo,
  AuthInfoInterceptor,
  BearerAuthGuard,
  McpAuthConfigurationError,
  McpAuthModule,
  OptionalAuth,
  Public,
  RequireScopes,
  Resource,
  type AuthenticatedRequest,
} from 'nestjs-mcp-auth';
import { Test } from '@nestjs/testing';
import { lastValueFrom } from 'rxjs';
import {
  oneResource,
  RESOURCE,
  startApp,
  startFailure,
  stopApps,
  type AppOptions,
} from '../support/app.js';
import { useIssuer } from '../support/serve.js';
import { freePort } from '../support/mcp-flow/free-port.js';

@Injectable()
class NotesService {
  constructor(private readonly authInfo: AuthInfo) {}

  async owner(): Promise<string> {
    await new Promise(setImmediate);
    return 'token' in this.authInfo ? (this.authInfo.subject ?? 'nobody') : 'nobody';
  }
}

const happened: unknown[] = [];

@Controller('notes')
class NotesController {
  constructor(private readonly notes: NotesService) {}

  @Get() list() {
    return [];
  }

  @MessagePattern('plain') async plain(@Payload() payload: unknown) {
    return { payload, owner: await this.notes.owner() };
  }

  @EventPattern('happened') happened(payload: unknown) {
    happened.push(payload);
  }

  @MessagePattern('open') @Public() async open() {
    return { owner: await this.notes.owner() };
  }
}

@Controller()
class AskingController {
  constructor(private readonly notes: NotesService) {}

  @MessagePattern('scoped') @RequireScopes('read:notes') async scoped(
    @AuthInfo('subject') parameter: string,
  ) {
    return { parameter, owner: await this.notes.owner() };
  }

  @MessagePattern('optional') @OptionalAuth() async optional() {
    return { owner: await this.notes.owner() };
  }
}

@Controller()
@RequireScopes('admin')
class AdminController {
  @MessagePattern('admin') admin() {
    return 'done';
  }
}

/** A guard that finds the token in the payload, as an application can define it. */
class PayloadGuard extends BearerAuthGuard {
  protected override getRequest(context: ExecutionContext): AuthenticatedRequest {
    if (context.getType() !== 'rpc') {
      return super.getRequest(context);
    }
    const { authorization } = context.switchToRpc().getData<{ authorization?: string }>();
    return { headers: { authorization } };
  }
}

class EveryMessageGuard extends PayloadGuard {
  protected override isLeftAlone(): boolean {
    return false;
  }
}

@Controller()
class BoundController {
  constructor(private readonly notes: NotesService) {}

  @MessagePattern('bound')
  @UseGuards(PayloadGuard)
  @UseInterceptors(AuthInfoInterceptor)
  @RequireScopes('read:notes')
  async bound() {
    return { owner: await this.notes.owner() };
  }
}

@Controller()
class BoundOnInstanceController {
  constructor() {
    this.secret = this.secret.bind(this);
  }

  @MessagePattern('secret') @RequireScopes('read:notes') secret() {
    return 'secret';
  }

  @MessagePattern('open') open() {
    return 'open';
  }
}

@Controller({ scope: Scope.REQUEST })
class BoundPerRequestController {
  constructor() {
    this.secret = this.secret.bind(this);
  }

  @MessagePattern('secret') @UseGuards(PayloadGuard) @RequireScopes('read:notes') secret() {
    return 'secret';
  }

  @MessagePattern('open') @Public() open() {
    return 'open';
  }
}

describe('a microservice of a hybrid application', () => {
  const issuer = useIssuer();
  const clients: ClientProxy[] = [];
  const microservices: INestMicroservice[] = [];

  afterEach(async () => {
    happened.length = 0;
    await Promise.all(
      clients.splice(0).map(async (client) => {
        await client.close();
      }),
    );
    await Promise.all(microservices.splice(0).map((microservice) => microservice.close()));
    await stopApps();
  });

  interface Hybrid {
    app: INestApplication;
    url: string;
    /** Sends a message. Returns the answer, or the error that the client receives. */
    send: (pattern: string, payload?: unknown) => Promise<unknown>;
    client: ClientProxy;
  }

  async function start(inheritAppConfig: boolean, more: Partial<AppOptions> = {}): Promise<Hybrid> {
    const options = { host: '127.0.0.1', port: await freePort() };
    const { app, url } = await startApp({
      adapter: 'express',
      options: oneResource(issuer.url),
      controllers: [NotesController],
      providers: [NotesService],
      setUp: (created) =>
        created.connectMicroservice({ transport: Transport.TCP, options }, { inheritAppConfig }),
      ...more,
    });
    await app.startAllMicroservices();
    const client = ClientProxyFactory.create({ transport: Transport.TCP, options });
    clients.push(client);
    const send = (pattern: string, payload: unknown = {}) =>
      lastValueFrom(client.send<unknown>(pattern, payload)).catch((error: unknown) => ({ error }));
    return { app, url, send, client };
  }

  const authorization = async (claims = {}, audience = RESOURCE) =>
    `Bearer ${await issuer.mint({ audience, claims })}`;

  describe('with inheritAppConfig', () => {
    it('is not guarded if no decorator needs a token', async () => {
      const { send, client, url } = await start(true);
      expect(await send('plain', 1)).toEqual({ payload: 1, owner: 'nobody' });
      expect(await send('open')).toEqual({ owner: 'nobody' });
      await lastValueFrom(client.emit('happened', 'x'), { defaultValue: undefined });
      await send('plain');
      expect(happened).toEqual(['x']);
      expect((await fetch(`${url}/notes`)).status).toBe(401);
    });

    it.each(['scoped', 'optional', 'admin'])(
      'rejects every message at "%s", whose decorator needs a token, if the guard cannot find the token',
      async (pattern) => {
        const { send } = await start(true, {
          options: { ...oneResource(issuer.url), guard: false },
          controllers: [NotesController, AskingController, AdminController],
          providers: [NotesService, { provide: APP_GUARD, useClass: BearerAuthGuard }],
        });
        const payload = { authorization: await authorization({ scope: 'read:notes admin' }) };
        expect(await send(pattern, payload)).toEqual({
          error: { status: 'error', message: 'Internal server error' },
        });
      },
    );

    it('is guarded by a subclass that finds the token in the payload', async () => {
      const { send, url } = await start(true, {
        options: { ...oneResource(issuer.url), guard: false },
        controllers: [NotesController, AskingController, AdminController],
        providers: [NotesService, { provide: APP_GUARD, useClass: PayloadGuard }],
      });
      const granted = { authorization: await authorization({ scope: 'read:notes' }) };
      expect(await send('scoped', granted)).toEqual({ parameter: 'alice', owner: 'alice' });
      expect(await send('optional', granted)).toEqual({ owner: 'alice' });
      expect(await send('optional')).toEqual({ owner: 'nobody' });
      expect(await send('plain')).toMatchObject({ owner: 'nobody' });
      expect(await send('admin', granted)).toEqual({
        error: {
          status: 'error',
          message: 'The access token lacks a scope that this operation needs.',
          error: 'insufficient_scope',
          error_description: 'The access token lacks a scope that this operation needs.',
          challenge: expect.stringContaining('scope="admin"'),
        },
      });
      expect(await send('scoped')).toMatchObject({ error: { error: 'unauthorized' } });
      expect((await fetch(`${url}/notes`)).status).toBe(401);
    });

    it('is guarded at every handler by a subclass whose isLeftAlone() returns false', async () => {
      const { send } = await start(true, {
        options: { ...oneResource(issuer.url), guard: false },
        providers: [NotesService, { provide: APP_GUARD, useClass: EveryMessageGuard }],
      });
      expect(await send('plain')).toMatchObject({ error: { error: 'unauthorized' } });
      expect(await send('open')).toEqual({ owner: 'nobody' });
      const payload = { authorization: await authorization() };
      expect(await send('plain', payload)).toEqual({ payload, owner: 'alice' });
    });

    it('has the right caller in each of 300 messages of 30 users', async () => {
      const { send } = await start(true, {
        options: { ...oneResource(issuer.url), guard: false },
        controllers: [NotesController, AskingController, AdminController],
        providers: [NotesService, { provide: APP_GUARD, useClass: PayloadGuard }],
      });
      const payloads = await Promise.all(
        Array.from({ length: 30 }, async (_, index) => ({
          user: `user-${index}`,
          authorization: await authorization({ sub: `user-${index}`, scope: 'read:notes' }),
        })),
      );
      const answers = await Promise.all(
        Array.from({ length: 300 }, async (_, index) => {
          const payload = payloads[index % 30];
          const answer = await send(index % 3 === 0 ? 'open' : 'scoped', payload);
          return { user: payload?.user, answer, open: index % 3 === 0 };
        }),
      );
      const wrong = answers.filter(({ user, answer, open }) => {
        const right = open ? { owner: 'nobody' } : { parameter: user, owner: user };
        return JSON.stringify(answer) !== JSON.stringify(right);
      });
      expect(answers).toHaveLength(300);
      expect(wrong).toEqual([]);
    });
  });

  describe('without inheritAppConfig', () => {
    it('is not seen by the global guard', async () => {
      const { send } = await start(false);
      expect(await send('plain', 1)).toEqual({ payload: 1, owner: 'nobody' });
      expect(await send('open')).toEqual({ owner: 'nobody' });
    });

    it('is guarded if guard and interceptor are bound to the handler', async () => {
      const { send } = await start(false, { controllers: [BoundController] });
      const payload = { authorization: await authorization({ scope: 'read:notes' }) };
      expect(await send('bound', payload)).toEqual({ owner: 'alice' });
      expect(await send('bound')).toMatchObject({ error: { error: 'unauthorized' } });
    });
  });

  describe('a handler replaced on its instance', () => {
    const refused = { error: { status: 'error', message: 'Internal server error' } };
    const global = {
      controllers: [BoundOnInstanceController],
      providers: [NotesService, { provide: APP_GUARD, useClass: PayloadGuard }],
    };

    it('is guarded by a global guard, and rejects every message without a global guard', async () => {
      const payload = { authorization: await authorization({ scope: 'read:notes' }) };
      const options = { ...oneResource(issuer.url), guard: false };
      const guarded = await start(true, { ...global, options });
      expect(await guarded.send('secret', payload)).toBe('secret');
      expect(await guarded.send('secret')).toMatchObject({ error: { error: 'unauthorized' } });
      const unguarded = await start(false, { ...global, options });
      expect(await unguarded.send('secret', payload)).toEqual(refused);
      expect(await unguarded.send('open')).toBe('open');
    });

    it('rejects every message if it loses its guard in a request-scoped class', async () => {
      const { send } = await start(false, { controllers: [BoundPerRequestController] });
      const payload = { authorization: await authorization({ scope: 'read:notes' }) };
      expect(await send('secret', payload)).toEqual(refused);
      expect(await send('open')).toBe('open');
    });
  });

  it('can be an application without HTTP', async () => {
    const options = { host: '127.0.0.1', port: await freePort() };
    const builder = Test.createTestingModule({
      imports: [McpAuthModule.forRoot({ ...oneResource(issuer.url), guard: false })],
      controllers: [AskingController],
      providers: [NotesService, { provide: APP_GUARD, useClass: PayloadGuard }],
    });
    const module = await builder.compile();
    const microservice = module.createNestMicroservice({ transport: Transport.TCP, options });
    microservices.push(microservice);
    await microservice.listen();
    const client = ClientProxyFactory.create({ transport: Transport.TCP, options });
    clients.push(client);
    const payload = { authorization: await authorization({ scope: 'read:notes' }) };
    expect(await lastValueFrom(client.send<unknown>('scoped', payload))).toEqual({
      parameter: 'alice',
      owner: 'alice',
    });
    await expect(lastValueFrom(client.send<unknown>('scoped', {}))).rejects.toMatchObject({
      error: 'unauthorized',
    });
  });

  @Controller()
  class StrayController {
    @MessagePattern('stray')
    @UseGuards(PayloadGuard)
    @Resource('https://elsewhere.example.com')
    stray() {
      return '';
    }
  }

  @Controller()
  class ContradictoryController {
    @MessagePattern('both') @Public() @RequireScopes('a') both() {
      return '';
    }
  }

  it.each([
    ['needs scopes, and no guard finds the token', AdminController, 'AdminController.admin is'],
    [
      'has @OptionalAuth(), and no guard finds the token',
      AskingController,
      'AskingController.scoped is called by',
    ],
    ['is of an unknown resource', StrayController, 'StrayController.stray belongs to @Resource('],
    [
      'has contradicting decorators',
      ContradictoryController,
      'ContradictoryController.both is @Public()',
    ],
  ])('stops the boot if a handler %s', async (_what, controller, message) => {
    const error = await startFailure({
      options: oneResource(issuer.url),
      controllers: [controller],
      providers: [NotesService],
    });
    expect(error).toBeInstanceOf(McpAuthConfigurationError);
    expect(error?.message).toContain(message);
  });
});
