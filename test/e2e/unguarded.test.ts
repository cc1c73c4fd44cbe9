import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  Controller,
  Delete,
  Get,
  Injectable,
  Module,
  Post,
  SetMetadata,
  UseGuards,
  UseInterceptors,
  type ArgumentMetadata,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
  type PipeTransform,
  type Type,
} from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { EventPattern, MessagePattern } from '@nestjs/microservices';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import {
  AuthInfoInterceptor,
  BearerAuthGuard,
  McpAuthConfigurationError,
  McpEndpoint,
  OptionalAuth,
  Public,
  RequireAuth,
  RequireClaims,
  RequireScopes,
  Resource,
} from 'nestjs-mcp-auth';
import {
  adapters,
  bearer,
  oneResource,
  RESOURCE,
  startApp,
  startFailure,
  stopApps,
  type AppOptions,
} from '../support/app.js';
import { useIssuer } from '../support/serve.js';

@Injectable()
class ScopedService {
  @RequireScopes('admin') purge() {
    return '';
  }
}

@Injectable()
@RequireScopes('admin')
class ScopedClassService {
  purge() {
    return '';
  }
}

@Injectable()
class OptionalService {
  @OptionalAuth() read() {
    return '';
  }
}

@Injectable()
class GuardedService {
  @UseGuards(BearerAuthGuard) @RequireScopes('admin') purge() {
    return '';
  }
}

@Controller('unregistered')
class ProvidedController {
  @Get() @RequireScopes('admin') list() {
    return [];
  }
}

@Controller('no-route')
class NoRouteController {
  @RequireScopes('admin') list() {
    return [];
  }
}

@Controller('no-handler')
@RequireClaims({ admin: true })
class EmptyController {}

@WebSocketGateway()
class ConnectionGateway {
  @RequireScopes('admin') handleConnection() {
    return undefined;
  }

  @SubscribeMessage('a') a() {
    return '';
  }
}

@WebSocketGateway()
class DisconnectionGateway {
  @RequireAuth(() => true) handleDisconnect() {
    return undefined;
  }

  @Resource(RESOURCE) afterInit() {
    return undefined;
  }
}

@WebSocketGateway()
@RequireScopes('admin')
class HooksOnlyGateway {
  handleConnection() {
    return undefined;
  }
}

@Injectable()
class ScopedPipe implements PipeTransform {
  @RequireScopes('admin') transform(value: unknown, { data }: ArgumentMetadata) {
    return data ?? value;
  }
}

@Injectable()
class ScopedInterceptor implements NestInterceptor {
  @McpEndpoint() intercept(_context: ExecutionContext, next: CallHandler) {
    return next.handle();
  }
}

@Controller('intercepted')
class InterceptedController {
  @Get() @UseInterceptors(ScopedInterceptor) list() {
    return [];
  }
}

@Module({})
@RequireScopes('admin')
class ScopedModule {}

class BaseController {
  @RequireScopes('admin') helper() {
    return '';
  }
}

@Controller('heir')
class HeirController extends BaseController {
  @Get() list() {
    return this.helper();
  }
}

class MadeService extends ScopedService {}

describe('a decorator of ours where no guard comes to', () => {
  afterAll(stopApps);

  it.each<[string, Partial<AppOptions>, RegExp]>([
    ['a method of a service', { providers: [ScopedService] }, /^ScopedService\.purge has @Req/],
    ['a service', { providers: [ScopedClassService] }, /^ScopedClassService has @RequireScopes/],
    ['a service, for a token if any', { providers: [OptionalService] }, /read has @OptionalAuth/],
    ['a service with a guard', { providers: [GuardedService] }, /^GuardedService\.purge has/],
    [
      'what a factory makes',
      { providers: [{ provide: 'made', useFactory: () => new MadeService() }] },
      /^MadeService\.purge has/,
    ],
    [
      'a value',
      { providers: [{ provide: 'made', useValue: new MadeService() }] },
      /^MadeService\.purge has/,
    ],
    ['a controller among the providers', { providers: [ProvidedController] }, /^ProvidedContr/],
    ['a method without a route', { controllers: [NoRouteController] }, /^NoRouteController\.list/],
    ['an inherited helper', { controllers: [HeirController] }, /^HeirController\.helper has/],
    ['a class without a handler', { controllers: [EmptyController] }, /^EmptyController has @Re/],
    ['handleConnection', { providers: [ConnectionGateway] }, /\.handleConnection has @RequireSc/],
    ['handleDisconnect', { providers: [DisconnectionGateway] }, /\.handleDisconnect has @Requi/],
    ['a gateway of hooks alone', { providers: [HooksOnlyGateway] }, /^HooksOnlyGateway has/],
    ['a pipe', { providers: [ScopedPipe] }, /^ScopedPipe\.transform has @RequireScopes/],
    ['an interceptor', { controllers: [InterceptedController] }, /^ScopedInterceptor\.inter.*@Mcp/],
    [
      'a global interceptor',
      { providers: [{ provide: APP_INTERCEPTOR, useClass: ScopedInterceptor }] },
      /^ScopedInterceptor\.intercept has @McpEndpoint/,
    ],
    ['a module', { imports: [ScopedModule] }, /^ScopedModule has @RequireScopes/],
  ])('stops the start: %s', async (_what, more, message) => {
    for (const guard of [true, false]) {
      const options = { ...oneResource('https://auth.example.com'), guard };
      const error = await startFailure({ options, ...more });
      expect(error).toBeInstanceOf(McpAuthConfigurationError);
      expect(error?.message).toMatch(message);
    }
  });

  it('does not stop a method that another library calls, which tells a subclass of the guard', async () => {
    class OwnGuard extends BearerAuthGuard {}
    class Jobs {
      @SetMetadata('jobs:name', 'purge') @UseGuards(OwnGuard) @RequireScopes('admin') purge() {
        return '';
      }
    }
    class UnmarkedJobs {
      @UseGuards(OwnGuard) @RequireScopes('admin') purge() {
        return '';
      }
    }
    class JobsOfNoSubclass {
      @SetMetadata('jobs:name', 'purge')
      @UseGuards(BearerAuthGuard)
      @RequireScopes('admin')
      purge() {
        return '';
      }
    }
    const failure = async (type: Type) =>
      startFailure({ options: oneResource('https://auth.example.com'), providers: [type] });
    expect(await failure(Jobs)).toBeUndefined();
    expect((await failure(UnmarkedJobs))?.message).toMatch(/^UnmarkedJobs\.purge has/);
    expect((await failure(JobsOfNoSubclass))?.message).toMatch(/^JobsOfNoSubclass\.purge has/);
  });

  it('stops at decoration: a static method', () => {
    const decorate = () => {
      class Static {
        @RequireScopes('admin') static list() {
          return '';
        }

        get() {
          return '';
        }
      }
      return Static;
    };
    expect(decorate).toThrow(McpAuthConfigurationError);
    expect(decorate).toThrow('static method Static.list');
  });

  it('stops at decoration: an accessor, a property and a method that a symbol names', () => {
    const accessor = () => {
      class Accessor {
        @RequireScopes('admin') get list() {
          return () => '';
        }
      }
      return Accessor;
    };
    const symbol = () => {
      class Symbolic {
        @RequireScopes('admin') [Symbol.iterator]() {
          return [];
        }
      }
      return Symbolic;
    };
    const property = () => {
      class Property {
        list = () => '';
      }
      // As other compilers decorate properties.
      (RequireScopes('admin') as PropertyDecorator)(Property.prototype, 'list');
    };
    expect(accessor).toThrow('the accessor or property Accessor.list');
    expect(property).toThrow('the accessor or property Property.list');
    expect(symbol).toThrow('the method Symbolic.Symbol(Symbol.iterator)');
  });
});

describe('with guard: false', () => {
  @Controller('bare')
  class BareController {
    @Get() @RequireScopes('admin') list() {
      return [];
    }
  }

  @Controller('other-guard')
  class OtherGuardController {
    @Get() @UseGuards({ canActivate: () => true }) @RequireScopes('admin') list() {
      return [];
    }
  }

  @Controller('resource')
  @Resource(RESOURCE)
  class ResourceController {
    @Get() @UseGuards(BearerAuthGuard) list() {
      return [];
    }

    @Get('other') other() {
      return [];
    }
  }

  @Controller('messages')
  class MessagesController {
    @MessagePattern('a') @RequireScopes('admin') a(data: unknown) {
      return data;
    }
  }

  @Controller('events')
  class EventsController {
    @EventPattern('a') @OptionalAuth() a(data: unknown) {
      return data;
    }
  }

  @WebSocketGateway()
  class BareGateway {
    @SubscribeMessage('a') @RequireScopes('admin') a() {
      return '';
    }
  }

  class OwnGuard extends BearerAuthGuard {}

  @Controller('bound')
  class BoundController {
    constructor() {
      this.list = this.list.bind(this);
    }

    @Get() @UseGuards(BearerAuthGuard) @RequireScopes('admin') list() {
      return [];
    }
  }

  @Controller('replaced')
  class ReplacedController {
    constructor() {
      this.list = () => [];
    }

    @Get() @UseGuards(OwnGuard) @RequireScopes('admin') list(): string[] {
      return [];
    }
  }

  @Controller()
  class BoundMessagesController {
    constructor() {
      this.a = this.a.bind(this);
    }

    @MessagePattern('a') @UseGuards(OwnGuard) @RequireScopes('admin') a(data: unknown) {
      return data;
    }
  }

  @Controller('sibling')
  class SiblingController {
    @Post() @UseGuards(BearerAuthGuard) @McpEndpoint() open() {
      return {};
    }

    @Get() read() {
      return 'events';
    }

    @Delete() @UseGuards(BearerAuthGuard) end() {
      return 'ended';
    }
  }

  @Controller('bound-class')
  @UseGuards(OwnGuard)
  class BoundClassController {
    constructor() {
      this.list = this.list.bind(this);
    }

    @Get() @UseGuards(BearerAuthGuard) @RequireScopes('admin') list() {
      return [];
    }
  }

  @Controller('guarded')
  class GuardedController {
    @Get('method') @UseGuards(BearerAuthGuard) @RequireScopes('admin') method() {
      return '';
    }

    @Get('open') open() {
      return 'open';
    }

    @Get('public') @Public() public() {
      return 'public';
    }
  }

  @Controller('guarded-class')
  @UseGuards(OwnGuard)
  @RequireScopes('admin')
  class GuardedClassController {
    @Get() list() {
      return '';
    }
  }

  const issuer = useIssuer();
  const options = () => ({ ...oneResource(issuer.url), guard: false });

  it.each<[string, Type, RegExp]>([
    ['no guard', BareController, /^BareController\.list has @RequireScopes\(\), and no guard/],
    ['another guard', OtherGuardController, /^OtherGuardController\.list has @RequireScopes/],
    ['a guard at another handler', ResourceController, /^ResourceController\.other has @Resource/],
    ['no guard for messages', MessagesController, /^MessagesController\.a has @RequireScopes/],
    ['no guard for events', EventsController, /^EventsController\.a has @OptionalAuth\(\)/],
  ])('does not start with a decorated handler that has %s', async (_what, controller, message) => {
    const error = await startFailure({ options: options(), controllers: [controller] });
    expect(error).toBeInstanceOf(McpAuthConfigurationError);
    expect(error?.message).toMatch(message);
  });

  it.each<[string, Type, RegExp]>([
    ['bound', BoundController, /^BoundController\.list is replaced on its instance/],
    ['wrapped', ReplacedController, /^ReplacedController\.list is replaced on its instance/],
    ['bound, for messages', BoundMessagesController, /^BoundMessagesController\.a is replaced on/],
    [
      'beside an MCP endpoint',
      SiblingController,
      /^SiblingController\.read answers at the path of/,
    ],
  ])('does not start with a handler that no guard comes to: %s', async (_what, type, message) => {
    const error = await startFailure({ options: options(), controllers: [type] });
    expect(error).toBeInstanceOf(McpAuthConfigurationError);
    expect(error?.message).toMatch(message);
  });

  it('starts where the guard of a replaced method is on the class, and guards it', async () => {
    const { url } = await startApp({
      adapter: 'express',
      options: options(),
      controllers: [BoundClassController],
    });
    expect((await fetch(`${url}/bound-class`)).status).toBe(401);
  });

  it('does not start with a decorated gateway that has no guard', async () => {
    const error = await startFailure({ options: options(), providers: [BareGateway] });
    expect(error?.message).toMatch(/^BareGateway\.a has @RequireScopes/);
  });

  it('starts where each decorated handler has the guard, and guards it', async () => {
    const { url } = await startApp({
      adapter: 'express',
      options: options(),
      controllers: [GuardedController, GuardedClassController],
    });
    const statusOf = async (path: string, init = {}) =>
      (await fetch(`${url}/${path}`, init)).status;
    expect(await statusOf('guarded/method')).toBe(401);
    expect(await statusOf('guarded-class')).toBe(401);
    const scoped = bearer(await issuer.mint({ audience: RESOURCE, claims: { scope: 'admin' } }));
    expect(await statusOf('guarded/method', scoped)).toBe(200);
    expect(await statusOf('guarded/open')).toBe(200);
    expect(await statusOf('guarded/public')).toBe(200);
  });

  it.each<[string, (app: { get: (type: Type) => unknown }) => unknown, AppOptions['providers']]>([
    ['APP_GUARD', () => undefined, [{ provide: APP_GUARD, useClass: OwnGuard }]],
    ['APP_GUARD by alias', () => undefined, [{ provide: APP_GUARD, useExisting: BearerAuthGuard }]],
  ])('starts where the guard is bound globally by %s', async (_what, _setUp, providers) => {
    const { url } = await startApp({
      adapter: 'express',
      options: options(),
      controllers: [BareController],
      providers,
    });
    expect((await fetch(`${url}/bare`)).status).toBe(401);
  });

  it('starts where the guard is bound globally by useGlobalGuards', async () => {
    const { url } = await startApp({
      adapter: 'express',
      options: options(),
      controllers: [BareController],
      setUp: (app) => app.useGlobalGuards(app.get(BearerAuthGuard)),
    });
    expect((await fetch(`${url}/bare`)).status).toBe(401);
  });
});

/** As the TypeScript handbook has it. */
function applyMixins(derived: Type, ...bases: Type[]) {
  for (const base of bases) {
    for (const name of Object.getOwnPropertyNames(base.prototype as object)) {
      if (name !== 'constructor') {
        const descriptor = Object.getOwnPropertyDescriptor(base.prototype, name);
        Object.defineProperty(derived.prototype, name, descriptor ?? {});
      }
    }
  }
}

/** Replaces the method, as decorators that log or measure do. */
const Wrapped = (): MethodDecorator => (_target, _name, descriptor) => {
  const original = descriptor.value as (...args: unknown[]) => unknown;
  descriptor.value = function (this: unknown, ...args: unknown[]) {
    return original.apply(this, args);
  } as never;
};

describe('methods that are mixed in from another class', () => {
  class Routes {
    @Get('scoped') @RequireScopes('admin') scoped() {
      return 'scoped';
    }

    @Get('conditional') @RequireAuth(() => 'No.') conditional() {
      return 'conditional';
    }

    @Get('claims') @RequireClaims({ admin: true }) claims() {
      return 'claims';
    }

    @Get('open') @Public() open() {
      return 'open';
    }

    @Get('maybe') @OptionalAuth() maybe() {
      return 'maybe';
    }

    @Get('wrapped') @RequireScopes('admin') @Wrapped() wrapped() {
      return 'wrapped';
    }
  }

  @Controller('mixed')
  class MixedController {
    @Get('replaced') @Public() replaced() {
      return 'replaced';
    }
  }
  applyMixins(MixedController, Routes);

  class Replacement {
    @Get('replaced') @RequireScopes('admin') replaced() {
      return 'replaced';
    }
  }

  @Controller('borrowing')
  class BorrowingController {}
  Object.defineProperty(BorrowingController.prototype, 'borrowed', {
    ...Object.getOwnPropertyDescriptor(Routes.prototype, 'scoped'),
  });

  class WrappedRoutes {
    @Get() @Wrapped() @RequireScopes('admin') list() {
      return [];
    }
  }
  @Controller('lost')
  class LostController {}
  applyMixins(LostController, WrappedRoutes);

  /** As a wrapper does that knows of Nest's metadata only. */
  @Controller('copied')
  class CopiedController {}
  const { value: scoped } = Object.getOwnPropertyDescriptor(Routes.prototype, 'scoped') as {
    value: () => string;
  };
  const copy = () => scoped();
  for (const key of Reflect.getMetadataKeys(scoped) as unknown[]) {
    if (typeof key === 'string') {
      Reflect.defineMetadata(key, Reflect.getMetadata(key, scoped), copy);
    }
  }
  Object.defineProperty(CopiedController.prototype, 'copied', { value: copy });

  @RequireScopes('admin')
  class ScopedRoutes {
    @Get() list() {
      return [];
    }
  }
  @Controller('lost-class')
  class LostClassController {}
  applyMixins(LostClassController, ScopedRoutes);

  @Controller('contradictory')
  class ReplacedController {
    @Get('replaced') @Public() replaced() {
      return '';
    }
  }
  applyMixins(ReplacedController, Replacement);

  const issuer = useIssuer();
  let url: string;
  beforeAll(async () => {
    const options = oneResource(issuer.url);
    const controllers = [MixedController, BorrowingController];
    ({ url } = await startApp({ adapter: 'express', options, controllers }));
  });

  it.each([
    ['mixed/scoped', 401, 403],
    ['mixed/conditional', 401, 403],
    ['mixed/claims', 401, 403],
    ['mixed/open', 200, 200],
    ['mixed/maybe', 200, 200],
    ['mixed/wrapped', 401, 403],
    ['mixed/replaced', 200, 200],
    ['borrowing/scoped', 401, 403],
  ])('bring their decorators: %s', async (path, anonymous, unscoped) => {
    expect((await fetch(`${url}/${path}`)).status).toBe(anonymous);
    const known = bearer(await issuer.mint({ audience: RESOURCE }));
    expect((await fetch(`${url}/${path}`, known)).status).toBe(unscoped);
  });

  it.each<[string, Type, RegExp]>([
    [
      'a wrapper above them',
      LostController,
      /^LostController\.list is mixed in from WrappedR.*Scopes/,
    ],
    ['a copy of strings', CopiedController, /^CopiedController\.copied wraps .* and has lost them/],
    ['their class', LostClassController, /^LostClassController\.list is mixed in from ScopedRou/],
    [
      'what they replace',
      ReplacedController,
      /^ReplacedController\.replaced is @Public\(\) and yet/,
    ],
  ])(
    'stop the start where they lose or contradict decorators: %s',
    async (_what, type, message) => {
      const error = await startFailure({ options: oneResource(issuer.url), controllers: [type] });
      expect(error).toBeInstanceOf(McpAuthConfigurationError);
      expect(error?.message).toMatch(message);
    },
  );
});

describe('@OptionalAuth() on a class', () => {
  @Controller('optional')
  @OptionalAuth()
  class OptionalController {
    @Get('plain') plain() {
      return '';
    }

    @Get('scoped') @RequireScopes('read') scoped() {
      return '';
    }

    @Get('computed') @RequireScopes(() => 'read') computed() {
      return '';
    }

    @Get('condition') @RequireAuth(() => true) condition() {
      return '';
    }

    @Get('claims') @RequireClaims({ sub: 'alice' }) claims() {
      return '';
    }

    @Post('mcp') @McpEndpoint() @RequireScopes('mcp') mcp() {
      return {};
    }

    @Get('both') @OptionalAuth() @RequireScopes('read') both() {
      return '';
    }
  }

  @Controller('scoped-class')
  @RequireScopes('read')
  class ScopedController {
    @Get() @OptionalAuth() maybe() {
      return '';
    }
  }

  class Base {
    @Get() @RequireScopes('read') list() {
      return '';
    }
  }

  @Controller('heir')
  @OptionalAuth()
  class HeirController extends Base {}

  const issuer = useIssuer();
  let url: string;
  beforeAll(async () => {
    const options = oneResource(issuer.url);
    const controllers = [OptionalController, ScopedController, HeirController];
    ({ url } = await startApp({ adapter: 'express', options, controllers }));
  });

  it.each([
    ['GET', 'optional/plain', 200, undefined],
    ['GET', 'optional/scoped', 401, 'scope="read"'],
    ['GET', 'optional/computed', 401, undefined],
    ['GET', 'optional/condition', 401, undefined],
    ['GET', 'optional/claims', 401, undefined],
    ['POST', 'optional/mcp', 401, 'scope="mcp"'],
    ['GET', 'heir', 401, 'scope="read"'],
    // Where it stands as near as the scopes or nearer, they are asked of callers with a token alone.
    ['GET', 'optional/both', 200, undefined],
    ['GET', 'scoped-class', 200, undefined],
  ])('without a token: %s %s is %d', async (method, path, status, challenge) => {
    const response = await fetch(`${url}/${path}`, { method });
    expect(response.status).toBe(status);
    expect(response.headers.get('www-authenticate') ?? '').toContain(challenge ?? '');
  });
});

describe.each(adapters)('a gateway, by the version of @nestjs/websockets, on %s', (adapter) => {
  afterEach(stopApps);

  @WebSocketGateway()
  class MessagesGateway {
    @SubscribeMessage('a') a() {
      return '';
    }
  }

  @WebSocketGateway()
  @UseGuards(BearerAuthGuard)
  @UseInterceptors(AuthInfoInterceptor)
  class GuardedGateway {
    @SubscribeMessage('a') a() {
      return '';
    }
  }

  @WebSocketGateway()
  class OpenGateway {
    @SubscribeMessage('a') @Public() a() {
      return '';
    }
  }

  /** The folder of an application whose `@nestjs/core` finds this version. */
  async function folderWith(version: string): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'websockets-'));
    for (const name of ['core', 'websockets']) {
      const path = join(folder, 'node_modules/@nestjs', name);
      await mkdir(path, { recursive: true });
      await writeFile(join(path, 'package.json'), JSON.stringify({ version, main: 'index.js' }));
      await writeFile(join(path, 'index.js'), '');
    }
    return folder;
  }

  it.each<[string, Type, RegExp]>([
    ['11.1.9', MessagesGateway, /^MessagesGateway\.a .* runs no global guard on gateways/],
    ['11.1.9', GuardedGateway, /^$/],
    ['11.1.9', OpenGateway, /^$/],
    ['12.0.0', MessagesGateway, /^$/],
  ])('is open nowhere, with %s: %p', async (version, gateway, expected) => {
    const folder = await folderWith(version);
    const cwd = jest.spyOn(process, 'cwd').mockReturnValue(folder);
    const starting = startApp({
      adapter,
      options: oneResource('https://auth.example.com'),
      providers: [gateway],
      setUp: (app) => app.useWebSocketAdapter(new IoAdapter(app)),
    });
    const failure = await starting.then(
      () => '',
      (error: unknown) => (error as Error).message,
    );
    cwd.mockRestore();
    await rm(folder, { recursive: true });
    expect(failure).toMatch(expected);
  });
});
