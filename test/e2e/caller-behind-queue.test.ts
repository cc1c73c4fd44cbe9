import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Controller,
  Get,
  Inject,
  Injectable,
  Post,
  Query,
  Scope,
  Sse,
  StreamableFile,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
  type PipeTransform,
} from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { AuthInfo, OptionalAuth, Public } from 'nestjs-mcp-auth';
import { defer, filter, map, of, Subject, timer } from 'rxjs';
import { Readable } from 'node:stream';
import {
  adapters,
  oneResource,
  RESOURCE,
  startApp,
  stopApps,
  type AppOptions,
} from '../support/app.js';
import { useIssuer } from '../support/serve.js';
import {
  QueueInterceptor,
  QUEUES,
  useQueue,
  type QueueName,
} from '../support/queue-interceptor.js';

const USERS = ['alice', 'bob', 'carol'];

@Injectable()
class SubjectPipe implements PipeTransform {
  constructor(private readonly authInfo: AuthInfo) {}

  transform() {
    return nameIn(this.authInfo);
  }
}

/** Adds the names that an interceptor reads before and after the call of the handler. */
@Injectable()
class ReadingInterceptor implements NestInterceptor {
  constructor(private readonly authInfo: AuthInfo) {}

  intercept(_context: ExecutionContext, next: CallHandler) {
    const before = nameIn(this.authInfo);
    return next
      .handle()
      .pipe(map((names) => [...(names as string[]), before, nameIn(this.authInfo)]));
  }
}

function nameIn(authInfo: AuthInfo): string {
  return 'subject' in authInfo ? (authInfo.subject ?? '') : 'nobody';
}

/** All ways in which a handler can read the caller. */
abstract class Routes {
  @Inject() private readonly authInfo!: AuthInfo;

  @Get('all') async all(
    @AuthInfo('subject') member: string,
    @AuthInfo() whole: AuthInfo,
    @Query('x', SubjectPipe) piped: string,
  ) {
    const injected = nameIn(this.authInfo);
    await delay(1);
    return [member, whole.subject, piped, injected, nameIn(this.authInfo)];
  }

  @Get('observable') observable() {
    return defer(() => of(nameIn(this.authInfo))).pipe(map((at) => [at, nameIn(this.authInfo)]));
  }

  @Get('timer') timer() {
    return timer(2).pipe(map(() => [nameIn(this.authInfo)]));
  }

  @Get('stream') async stream() {
    const who = () => nameIn(this.authInfo);
    const names = async function* () {
      yield `["${who()}",`;
      await delay(1);
      yield `"${who()}"]`;
    };
    return new StreamableFile(Readable.from(names()), { type: 'application/json' });
  }

  @Sse('events') events() {
    return timer(2).pipe(map(() => ({ data: [nameIn(this.authInfo)] })));
  }

  @Get('public') @Public() public(@AuthInfo() caller?: AuthInfo) {
    return [caller?.subject ?? 'nobody', nameIn(this.authInfo)];
  }

  @Get('optional') @OptionalAuth() optional(@AuthInfo() caller?: AuthInfo) {
    return [caller?.subject ?? 'nobody', nameIn(this.authInfo)];
  }
}

@Controller('plain')
class PlainController extends Routes {}

@Controller('scoped')
class ScopedController extends Routes {}

@Controller('class')
@UseInterceptors(QueueInterceptor)
class ClassController extends Routes {}

@Controller('method')
class MethodController {
  constructor(private readonly authInfo: AuthInfo) {}

  @Get('all')
  @UseInterceptors(QueueInterceptor)
  async all(@AuthInfo('subject') member: string, @Query('x', SubjectPipe) piped: string) {
    const injected = nameIn(this.authInfo);
    await delay(1);
    return [member, piped, injected, nameIn(this.authInfo)];
  }
}

@Controller('interceptors')
@UseInterceptors(ReadingInterceptor, QueueInterceptor, ReadingInterceptor)
class InterceptorsController {
  @Get('all')
  @UseInterceptors(ReadingInterceptor)
  all(@AuthInfo('subject') member: string) {
    return [member];
  }
}

@Controller({ path: 'per-request', scope: Scope.REQUEST })
@UseInterceptors(QueueInterceptor)
class PerRequestController extends Routes {}

/** The events that the handlers of several requests listen to. */
let added: Subject<string>;
let listening: number;

@Controller('shared')
class SharedSourceController {
  @Post() add() {
    USERS.forEach((owner) => added.next(owner));
    added.complete();
  }

  @Sse('events') events(@AuthInfo('subject') owner: string) {
    listening++;
    return added.pipe(
      filter((name) => name === owner),
      map((name) => ({ data: [name] })),
    );
  }
}

/** A controller that replaces its handler on the instance, as libraries for tracing do. */
@Controller('replaced')
@UseInterceptors(QueueInterceptor)
class ReplacedController {
  constructor(private readonly authInfo: AuthInfo) {
    this.all = this.all.bind(this);
  }

  @Get('all') async all(@AuthInfo('subject') member: string) {
    return [member, nameIn(this.authInfo)];
  }
}

const issuer = useIssuer();
let tokens: string[];

beforeAll(async () => {
  tokens = await Promise.all(
    USERS.map((sub) => issuer.mint({ audience: RESOURCE, claims: { sub } })),
  );
});

/** Sends one request of each user at the same time, and returns the answers. */
async function askTogether(url: string, authenticated = true): Promise<unknown[]> {
  return Promise.all(
    tokens.map(async (token) => {
      const headers = authenticated ? { authorization: `Bearer ${token}` } : undefined;
      const response = await fetch(url, { ...(headers && { headers }) });
      const text = await response.text();
      const [, event] = /^data: (.*)$/m.exec(text) ?? [];
      return JSON.parse(event ?? text) as unknown;
    }),
  );
}

/** Fails unless the list in each user's answer contains that user's name and no other name. */
function expectOwnNames(answers: unknown[]): void {
  const seen = answers.map((names) => [...new Set(names as string[])]);
  expect(seen).toEqual(USERS.map((user) => [user]));
}

const PATHS = ['all', 'observable', 'timer', 'stream', 'events'];
const queues = Object.keys(QUEUES) as QueueName[];

describe.each(adapters)('a handler behind a queueing interceptor, on %s', (adapter) => {
  afterAll(stopApps);

  const start = async (more: Partial<AppOptions>) => {
    const { url } = await startApp({
      adapter,
      options: oneResource(issuer.url),
      providers: [SubjectPipe, QueueInterceptor, ReadingInterceptor],
      ...more,
    });
    return url;
  };

  describe('of its controller or method', () => {
    let url: string;
    beforeAll(async () => {
      url = await start({
        controllers: [
          ClassController,
          MethodController,
          InterceptorsController,
          PerRequestController,
          ReplacedController,
          SharedSourceController,
        ],
      });
    });

    it.each(queues)('sees its own caller: %s', async (queue) => {
      useQueue(queue);
      for (const path of ['class', 'method', 'per-request', 'replaced', 'interceptors']) {
        expectOwnNames(await askTogether(`${url}/${path}/all`));
      }
    });

    it.each(PATHS)('sees its own caller in what it returns: %s', async (path) => {
      useQueue('batch');
      expectOwnNames(await askTogether(`${url}/class/${path}`));
    });

    it('sees its own caller if several callers subscribe to one shared source', async () => {
      [added, listening] = [new Subject(), 0];
      const answers = askTogether(`${url}/shared/events`);
      while (listening < USERS.length) {
        await delay(1);
      }
      const headers = { authorization: `Bearer ${tokens[0]}` };
      await fetch(`${url}/shared`, { method: 'POST', headers });
      expectOwnNames(await answers);
    });

    it('sees no caller if it is public or the request anonymous', async () => {
      useQueue('batch');
      const [alice, bob, carol] = tokens;
      const nobody = ['nobody', 'nobody'];
      expect(await askTogether(`${url}/class/public`)).toEqual([nobody, nobody, nobody]);
      const mixed = [alice, undefined, carol].map(async (token) =>
        (
          await fetch(
            `${url}/class/optional`,
            token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } },
          )
        ).json(),
      );
      expect(await Promise.all(mixed)).toEqual([['alice', 'alice'], nobody, ['carol', 'carol']]);
      expect(bob).toBeDefined();
    });
  });

  it.each([
    [
      'among other interceptors in useGlobalInterceptors()',
      {
        setUp: (app) =>
          app.useGlobalInterceptors(
            app.get(ReadingInterceptor),
            new QueueInterceptor(),
            app.get(ReadingInterceptor),
          ),
      },
    ],
    [
      'in useGlobalInterceptors()',
      { setUp: (app) => app.useGlobalInterceptors(new QueueInterceptor()) },
    ],
    [
      'provided as APP_INTERCEPTOR',
      {
        providers: [SubjectPipe, { provide: APP_INTERCEPTOR, useClass: QueueInterceptor }],
      },
    ],
    [
      'provided as request-scoped APP_INTERCEPTOR',
      {
        providers: [
          SubjectPipe,
          { provide: APP_INTERCEPTOR, useClass: QueueInterceptor, scope: Scope.REQUEST },
        ],
      },
    ],
  ] satisfies [string, Partial<AppOptions>][])(
    'sees its own caller with the interceptor %s',
    async (_where, more) => {
      const url = await start({ controllers: [PlainController, ScopedController], ...more });
      for (const queue of queues) {
        useQueue(queue);
        expectOwnNames(await askTogether(`${url}/plain/all`));
        expectOwnNames(await askTogether(`${url}/scoped/observable`));
      }
    },
  );

  it.each([undefined, Scope.REQUEST])(
    'and a request-scoped global interceptor sees its own caller, with the queue in scope %s',
    async (scope) => {
      const url = await start({
        controllers: [PlainController],
        providers: [
          SubjectPipe,
          { provide: APP_INTERCEPTOR, useClass: ReadingInterceptor, scope: Scope.REQUEST },
          { provide: APP_INTERCEPTOR, useClass: QueueInterceptor, ...(scope && { scope }) },
          { provide: APP_INTERCEPTOR, useClass: ReadingInterceptor, scope: Scope.REQUEST },
        ],
      });
      for (const queue of queues) {
        useQueue(queue);
        expectOwnNames(await askTogether(`${url}/plain/all`));
      }
    },
  );
});
