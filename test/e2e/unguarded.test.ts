import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, jest } from '@jest/globals';
import {
  Controller,
  Get,
  Injectable,
  Module,
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
import { APP_INTERCEPTOR } from '@nestjs/core';
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
  oneResource,
  RESOURCE,
  startApp,
  startFailure,
  stopApps,
  type AppOptions,
} from '../support/app.js';

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

describe('a decorator of this library where no guard runs', () => {
  afterAll(stopApps);

  it.each<[string, Partial<AppOptions>, RegExp]>([
    ['a method of a service', { providers: [ScopedService] }, /^ScopedService\.purge has @Req/],
    ['a service', { providers: [ScopedClassService] }, /^ScopedClassService has @RequireScopes/],
    ['a service with @OptionalAuth()', { providers: [OptionalService] }, /read has @OptionalAuth/],
    ['a service with a guard', { providers: [GuardedService] }, /^GuardedService\.purge has/],
    [
      'an object that a factory makes',
      { providers: [{ provide: 'made', useFactory: () => new MadeService() }] },
      /^MadeService\.purge has/,
    ],
    [
      'an object that is provided as a value',
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

  it('does not stop the start on a method that another library calls with a subclass of the guard', async () => {
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

  it('throws at decoration of a static method', () => {
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

  it('throws at decoration of an accessor, a property and a method named by a symbol', () => {
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
      // Other compilers decorate properties in this way.
      (RequireScopes('admin') as PropertyDecorator)(Property.prototype, 'list');
    };
    expect(accessor).toThrow('the accessor or property Accessor.list');
    expect(property).toThrow('the accessor or property Property.list');
    expect(symbol).toThrow('the method Symbolic.Symbol(Symbol.iterator)');
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

  /** Returns the folder of an application whose `@nestjs/core` finds this version. */
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
  ])('is guarded or stops the start, with %s: %p', async (version, gateway, expected) => {
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
