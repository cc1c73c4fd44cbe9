import { Agent, request as httpRequest } from 'node:http';
import { inspect } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Controller,
  createParamDecorator,
  Get,
  Inject,
  Module,
  Injectable,
  Optional,
  Post,
  Body,
  Query,
  UseGuards,
  UseInterceptors,
  UsePipes,
  ValidationPipe,
  type CallHandler,
  type MiddlewareConsumer,
  type NestModule,
  type CanActivate,
  type ExecutionContext,
  type NestInterceptor,
  type OnModuleInit,
  type PipeTransform,
} from '@nestjs/common';
import { AuthInfo, NoAuthInfoError, OptionalAuth, Public, RequireScopes } from 'nestjs-mcp-auth';
import { principalOf } from '../../lib/auth-info/principal.js';
import { adapters, bearer, oneResource, RESOURCE, startApp, stopApps } from '../support/app.js';
import { Issuer } from '../support/issuer.js';
import { serve } from '../support/serve.js';

@Injectable()
class NotesService implements OnModuleInit {
  constructor(@Optional() readonly authInfo: AuthInfo) {}

  onModuleInit() {
    return undefined;
  }

  async owner(): Promise<string | undefined> {
    await delay(0);
    await Promise.resolve();
    return this.authInfo.subject;
  }
}

@Injectable()
class LaterGuard implements CanActivate {
  constructor(private readonly authInfo: AuthInfo) {}

  canActivate(context: ExecutionContext) {
    context.switchToHttp().getRequest<Record<string, unknown>>().seenByGuard =
      this.authInfo.subject;
    return true;
  }
}

@Injectable()
class SubjectPipe implements PipeTransform {
  constructor(@Inject(AuthInfo) private readonly authInfo: AuthInfo) {}

  transform() {
    return this.authInfo.subject;
  }
}

@Injectable()
class SubjectInterceptor implements NestInterceptor {
  constructor(private readonly authInfo: AuthInfo) {}

  intercept(context: ExecutionContext, next: CallHandler) {
    context.switchToHttp().getRequest<Record<string, unknown>>().seenByInterceptor =
      this.authInfo.subject;
    return next.handle();
  }
}

interface Seen {
  seenByGuard?: string;
  seenByInterceptor?: string;
  auth?: AuthInfo;
  raw?: { auth?: AuthInfo };
}

@Controller('notes')
class NotesController {
  constructor(
    private readonly notes: NotesService,
    private readonly authInfo: AuthInfo,
  ) {}

  @Get('everywhere')
  @UseGuards(LaterGuard)
  @UseInterceptors(SubjectInterceptor)
  async everywhere(
    @Query('x', SubjectPipe) pipe: string,
    @AuthInfo('subject') parameter: string,
    @AuthInfo() whole: AuthInfo,
    @RequestOf() request: Seen,
  ) {
    return {
      guard: request.seenByGuard,
      interceptor: request.seenByInterceptor,
      pipe,
      parameter,
      whole: whole.subject,
      injected: this.authInfo.subject,
      service: await this.notes.owner(),
      request: request.auth?.subject,
      raw: (request.raw ?? request).auth?.subject,
    };
  }

  @Get('whole') whole(@AuthInfo() caller: AuthInfo) {
    return {
      ...caller,
      token: caller.token,
      injected: this.authInfo.token,
      spread: Object.keys({ ...this.authInfo }),
      printed: [caller, this.authInfo].map((value) => inspect(value)),
      json: [caller, this.authInfo].map((value) => JSON.stringify(value)),
      // eslint-disable-next-line @typescript-eslint/no-base-to-string -- a careless log line must not throw
      text: String(this.authInfo),
    };
  }

  @Get('frozen') frozen(@AuthInfo() caller: AuthInfo) {
    const attempts = [
      () => Object.assign(caller, { subject: 'mallory' }),
      () => caller.scopes.push('admin'),
      () => Object.assign(caller.claims, { admin: true }),
      () => Object.assign((caller.claims as { nested: object }).nested, { admin: true }),
      () => Object.assign(this.authInfo, { subject: 'mallory' }),
    ];
    caller.resource.hostname = 'evil.example.com';
    return { thrown: attempts.map(throws), resource: caller.resource.href };
  }

  @Get('public') @Public() async public(@AuthInfo() caller?: AuthInfo) {
    const error = await this.notes.owner().catch((thrown: unknown) => thrown);
    return {
      caller: caller ?? null,
      is: error instanceof NoAuthInfoError,
      message: (error as Error).message,
    };
  }

  @Get('optional') @OptionalAuth() optional(@AuthInfo('subject') subject?: string) {
    return { known: 'token' in this.authInfo, subject: subject ?? null };
  }

  @Post('validated')
  @UsePipes(
    new ValidationPipe({ validateCustomDecorators: true, transform: true, whitelist: true }),
  )
  validated(
    @Body() _body: object,
    @AuthInfo('subject') subject: string,
    @AuthInfo() caller: AuthInfo,
  ) {
    return { subject, caller: caller.subject };
  }

  @Post('slow') async slow(@Body() body: { user: string }) {
    const before = this.authInfo.subject;
    await delay(Math.random() * 5);
    return { asked: body.user, before, after: await this.notes.owner() };
  }

  @Post('slow-public') @Public() async slowPublic() {
    await delay(Math.random() * 3);
    return { leaked: 'token' in this.authInfo };
  }

  @Post('refused') @RequireScopes('never') refused() {
    return {};
  }
}

function RequestOf(): ParameterDecorator {
  return createParamDecorator((_data: unknown, context: ExecutionContext) =>
    context.switchToHttp().getRequest<Seen>(),
  )();
}

function throws(attempt: () => unknown): boolean {
  try {
    attempt();
    return false;
  } catch {
    return true;
  }
}

describe.each(adapters)('AuthInfo, on %s', (adapter) => {
  const server = serve(adapter, {
    controllers: [NotesController],
    providers: [NotesService, LaterGuard, SubjectPipe, SubjectInterceptor],
  });
  const { issuer } = server;
  let notes: NotesService;

  beforeAll(() => {
    notes = server.app.get(NotesService);
  });

  const token = (sub: string, claims: Record<string, unknown> = {}) =>
    server.mint({ claims: { sub, scope: 'a', ...claims } });
  const get = async (path: string, sub = 'alice', claims = {}) =>
    (await server.get(`notes/${path}`, await token(sub, claims))).json();

  it('is the same caller in later guards, interceptors, pipes, handlers, services and on the request', async () => {
    const seen = (await get('everywhere?x=1')) as Record<string, string>;
    expect(Object.keys(seen)).toHaveLength(9);
    expect(new Set(Object.values(seen))).toEqual(new Set(['alice']));
  });

  it('contains everything from the token, and the fields that the MCP SDK needs', async () => {
    const whole = (await get('whole', 'alice', { extra_claim: 1 })) as Record<string, unknown>;
    expect(whole).toMatchObject({
      issuer: issuer.url,
      subject: 'alice',
      clientId: 'client-1',
      scopes: ['a'],
      audience: RESOURCE,
      resource: RESOURCE,
      resourceMetadataUrl: 'https://api.example.com/.well-known/oauth-protected-resource/notes',
      claims: { sub: 'alice', extra_claim: 1 },
      extra: {},
    });
    expect(whole.expiresAt).toEqual(expect.any(Number));
    expect(whole.token).toEqual(expect.stringMatching(/^ey/));
    expect(whole.injected).toBe(whole.token);
  });

  it('is printed, copied and serialized without the token', async () => {
    const whole = (await get('whole')) as Record<'spread' | 'printed' | 'json', string[]> & {
      token: string;
      text: string;
    };
    expect(whole.spread).toContain('subject');
    expect(whole.spread).not.toContain('token');
    for (const text of [...whole.printed, ...whole.json]) {
      expect(text).toContain('alice');
      expect(text).not.toContain(whole.token);
    }
    expect(whole.text).toBe('[object Object]');
    expect(inspect(notes.authInfo)).toContain('no caller');
  });

  it('is deeply frozen', async () => {
    expect(await get('frozen', 'alice', { nested: {} })).toEqual({
      thrown: [true, true, true, true, true],
      resource: RESOURCE,
    });
  });

  it('throws NoAuthInfoError with an explanation if there is no caller', async () => {
    expect(await get('public')).toMatchObject({
      caller: null,
      is: true,
      message: expect.stringContaining(
        'AuthInfo.subject was read where there is no authenticated caller',
      ),
    });
    expect(() => notes.authInfo.subject).toThrow(NoAuthInfoError);
    expect(Object.keys(notes.authInfo)).toEqual([]);
  });

  it('shows by the "in" operator whether there is a caller', async () => {
    expect(await get('optional')).toEqual({ known: true, subject: 'alice' });
    const anonymous = await server.get('notes/optional');
    expect(await anonymous.json()).toEqual({ known: false, subject: null });
  });

  it('passes a ValidationPipe that validates custom decorators', async () => {
    const response = await fetch(`${server.url}/notes/validated`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await token('alice')}`,
        'content-type': 'application/json',
      },
      body: '{}',
    });
    expect(await response.json()).toEqual({ subject: 'alice', caller: 'alice' });
  });

  it('belongs to the right caller in each of 2,000 requests of 200 users over 50 connections', async () => {
    const users = Array.from({ length: 200 }, (_, index) => `user-${index}`);
    const tokens = await Promise.all(users.map((user) => token(user)));
    const agent = new Agent({ keepAlive: true, maxSockets: 50 });
    const answers = await Promise.all(
      Array.from({ length: 2000 }, (_, index) => {
        const user = users[index % users.length] ?? '';
        const path = index % 10 === 0 ? 'slow-public' : index % 10 === 1 ? 'refused' : 'slow';
        return post(
          `${server.url}/notes/${path}`,
          agent,
          tokens[index % tokens.length] ?? '',
          user,
        );
      }),
    );
    agent.destroy();
    const of = (path: string) => answers.filter((answer) => answer.path.endsWith(path));
    const slow = of('/slow');
    expect(slow).toHaveLength(1600);
    expect(
      slow.filter(({ body }) => body.before !== body.asked || body.after !== body.asked),
    ).toEqual([]);
    expect(of('/slow-public').every(({ body }) => body.leaked === false)).toBe(true);
    expect(of('/refused').every(({ status }) => status === 403)).toBe(true);
  });
});

/** Sends the body in two parts, so that it is parsed in a later turn of the event loop than the head. */
async function post(
  url: string,
  agent: Agent,
  token: string,
  user: string,
): Promise<{ path: string; status: number; body: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const request = httpRequest(url, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => {
        const body = JSON.parse(text) as Record<string, unknown>;
        resolve({ path: new URL(url).pathname, status: response.statusCode ?? 0, body });
      });
    });
    request.on('error', reject);
    request.write('{"user":');
    setImmediate(() => request.end(`"${user}"}`));
  });
}

describe('AuthInfo outside HTTP', () => {
  afterEach(stopApps);

  it('can be injected without making a provider request-scoped', async () => {
    const { app } = await startApp({
      adapter: 'express',
      options: oneResource('https://auth.example.com'),
      providers: [NotesService],
    });
    expect(app.get(NotesService)).toBe(app.get(NotesService));
    expect(app.get(AuthInfo)).toBe(app.get(NotesService).authInfo);
    await expect(app.get(NotesService).owner()).rejects.toThrow(NoAuthInfoError);
  });
});

describe('a middleware that calls next() from another request’s callback', () => {
  afterEach(stopApps);

  /** Collects requests, and continues all of them in one callback, as a batch does. */
  @Module({})
  class BatchModule implements NestModule {
    private waiting: (() => void)[] = [];

    configure(consumer: MiddlewareConsumer) {
      consumer
        .apply((_request: unknown, _response: unknown, next: () => void) => {
          if (this.waiting.push(next) === 5) {
            this.waiting.splice(0).forEach((go) => {
              go();
            });
          }
        })
        .forRoutes('*path');
    }
  }

  it.each(adapters)(
    'never gives a request the caller of another request, on %s',
    async (adapter) => {
      const issuer = await Issuer.start();
      const { url } = await startApp({
        adapter,
        options: oneResource(issuer.url),
        imports: [BatchModule],
        controllers: [NotesController],
        providers: [NotesService, LaterGuard, SubjectPipe, SubjectInterceptor],
      });
      const users = ['u0', 'u1', 'u2', 'u3', 'public'];
      const responses = await Promise.all(
        users.map(async (sub) => {
          const token = await issuer.mint({ audience: RESOURCE, claims: { sub } });
          return fetch(
            `${url}/notes/${sub === 'public' ? 'public' : 'everywhere?x=1'}`,
            bearer(token),
          );
        }),
      );
      for (const [index, response] of responses.entries()) {
        const body = (await response.json()) as Record<string, unknown>;
        const own = response.status === 200 && (body.service ?? users[index]) === users[index];
        expect([own, response.status]).toContainEqual(own ? true : 500);
        expect(body.caller ?? null).toBeNull();
      }
      expect(responses.some(({ status }) => status === 200)).toBe(true);
      await issuer.down();
    },
  );
});

@Controller('whoami')
class WhoamiController {
  constructor(private readonly authInfo: AuthInfo) {}

  @Get('parameter') parameter(@AuthInfo('principal') principal: string) {
    return { principal };
  }

  @Get('injected') injected() {
    return { principal: this.authInfo.principal };
  }

  @Get('copied') copied(@AuthInfo() caller: AuthInfo) {
    return { members: Object.keys({ ...caller }), injected: Object.keys({ ...this.authInfo }) };
  }
}

describe.each(adapters)('the principal of a caller, on %s', (adapter) => {
  const server = serve(adapter, { controllers: [WhoamiController] });
  const { issuer } = server;

  const ask = async (path: string, claims: Record<string, unknown>) => {
    const token = await server.mint({ claims: { sub: undefined, ...claims } });
    const response = await server.get(`whoami/${path}`, token);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  it.each([
    { sub: 'alice', client_id: 'app' },
    { sub: 'app', client_id: 'app' },
    { client_id: 'app' },
  ])('is set for the claims %j, by parameter and by injection', async (claims) => {
    const { sub: subject, client_id: clientId } = claims;
    const principal = principalOf({ issuer: issuer.url, subject, clientId });
    for (const path of ['parameter', 'injected']) {
      expect(await ask(path, claims)).toEqual({ status: 200, body: { principal } });
    }
  });

  it('causes a 500 if the token names neither user nor client, since other such callers would share the principal', async () => {
    for (const path of ['parameter', 'injected']) {
      expect((await ask(path, { client_id: undefined })).status).toBe(500);
    }
  });

  it('does not appear in a copy of AuthInfo, and does not prevent the copy', async () => {
    for (const claims of [{ sub: 'alice' }, { client_id: undefined }]) {
      const { status, body } = await ask('copied', claims);
      expect(status).toBe(200);
      expect(body.injected).toEqual(expect.arrayContaining(['issuer', 'claims']));
      for (const members of Object.values(body)) {
        expect(members).not.toContain('principal');
        expect(members).not.toContain('token');
      }
    }
  });
});
