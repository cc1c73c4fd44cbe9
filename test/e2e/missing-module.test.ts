import { cp } from 'node:fs/promises';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Controller,
  Get,
  Injectable,
  Module,
  type ModuleMetadata,
  type Type,
} from '@nestjs/common';
import { LazyModuleLoader, ModulesContainer } from '@nestjs/core';
import { MessagePattern } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import {
  AuthInfo,
  McpAuthConfigurationError,
  McpAuthModule,
  Public,
  RequireScopes,
} from 'nestjs-mcp-auth';
import type * as Decorator from '../../lib/decorators/require-scopes.decorator.js';
import type * as Parameter from '../../lib/auth-info/auth-info.js';
import type * as Registration from '../../lib/start-up/register-application.js';
import { createApp, oneResource, stopApps } from '../support/app.js';

const ISSUER = 'https://auth.example.com';

/** Starts an application without the module, unless it is among the imports. */
async function start(metadata: ModuleMetadata): Promise<unknown> {
  const module = await Test.createTestingModule(metadata).compile();
  const app = module.createNestApplication({ logger: false });
  try {
    await app.init();
    return undefined;
  } catch (error) {
    return error;
  } finally {
    await app.close();
  }
}

@Controller('scoped')
class ScopedController {
  @Get() @RequireScopes('admin') list() {
    return [];
  }
}

@Controller('class')
@RequireScopes('admin')
class ScopedClassController {
  @Get() list() {
    return [];
  }
}

@Controller('parameter')
class ParameterController {
  @Get() list(@AuthInfo('subject') subject: string) {
    return subject;
  }
}

@Controller('messages')
class MessagesController {
  @MessagePattern('a') @RequireScopes('admin') a() {
    return '';
  }
}

@Controller('public')
class PublicController {
  @Get() @Public() list() {
    return [];
  }
}

@Injectable()
class ScopedService {
  @RequireScopes('admin') purge() {
    return '';
  }
}

@WebSocketGateway()
class ScopedGateway {
  @SubscribeMessage('a') @RequireScopes('admin') a() {
    return '';
  }
}

@Module({ controllers: [ScopedController] })
class FeatureModule {}

describe('an application that does not import McpAuthModule', () => {
  it.each<[string, ModuleMetadata, string]>([
    ['a method', { controllers: [ScopedController] }, 'ScopedController'],
    ['a class', { controllers: [ScopedClassController] }, 'ScopedClassController'],
    ['a parameter', { controllers: [ParameterController] }, 'ParameterController'],
    ['a message handler', { controllers: [MessagesController] }, 'MessagesController'],
    ['a public handler', { controllers: [PublicController] }, 'PublicController'],
    ['a gateway', { providers: [ScopedGateway] }, 'ScopedGateway'],
    ['a service', { providers: [ScopedService] }, 'ScopedService'],
    ['a handler of a feature module', { imports: [FeatureModule] }, 'ScopedController'],
  ])('does not start with a decorator on %s', async (_what, metadata, name) => {
    const error = await start(metadata);
    expect(error).toBeInstanceOf(McpAuthConfigurationError);
    expect((error as Error).message).toBe(
      `${name} has decorators of nestjs-mcp-auth, but McpAuthModule is not imported, so nothing protects it. Add McpAuthModule.forRoot() to the imports of the application.`,
    );
  });

  it('can be compiled for a unit test without init()', async () => {
    const builder = Test.createTestingModule({ controllers: [ScopedController] });
    const module = await builder.compile();
    expect(module.get(ScopedController).list()).toEqual([]);
  });
});

describe('two copies of the package in one application', () => {
  const other = {} as typeof Parameter & typeof Decorator & typeof Registration;
  beforeAll(async () => {
    const [lib, copy] = ['lib', 'build/second-copy'].map((path) => resolve(path));
    await cp(lib ?? '', copy ?? '', { recursive: true });
    for (const path of [
      'auth-info/auth-info.ts',
      'decorators/require-scopes.decorator.ts',
      'start-up/register-application.ts',
    ]) {
      Object.assign(other, await import(`${copy}/${path}`));
    }
  });

  it.each<[string, () => Type]>([
    [
      'a parameter',
      () => {
        @Controller('other')
        class OtherController {
          @Get() list(@other.AuthInfo('subject') subject: string) {
            return subject;
          }
        }
        return OtherController;
      },
    ],
    [
      'a decorator',
      () => {
        @Controller('other')
        class OtherController {
          @Get() @other.RequireScopes('admin') list() {
            return [];
          }
        }
        return OtherController;
      },
    ],
  ])('do not start with %s of the other copy', async (_what, decorate) => {
    const imports = [McpAuthModule.forRoot(oneResource(ISSUER))];
    const error = await start({ imports, controllers: [decorate()] });
    expect((error as Error).name).toBe('McpAuthConfigurationError');
    expect((error as Error).message).toMatch(/^OtherController has decorators of one copy of/);
  });

  it('do not start if both modules are imported', async () => {
    const imports = [McpAuthModule.forRoot(oneResource(ISSUER))];
    const module = await Test.createTestingModule({ imports }).compile();
    const OtherModule = FeatureModule;
    expect(() => other.registerApplication(module.get(ModulesContainer), OtherModule)).toThrow(
      'registered by two copies of nestjs-mcp-auth',
    );
  });
});

describe('a module that is loaded lazily', () => {
  afterAll(stopApps);

  @Module({ providers: [ScopedService] })
  class ServiceModule {}

  @Module({ imports: [FeatureModule] })
  class ParentModule {}

  it.each([
    ['a controller', FeatureModule],
    ['a service', ServiceModule],
    ['a controller of a module that it imports', ParentModule],
  ])('is rejected with a decorator on %s', async (_what, module) => {
    const app = await createApp({ adapter: 'express', options: oneResource(ISSUER) });
    await app.init();
    const error: unknown = await app
      .get(LazyModuleLoader)
      .load(() => module)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(McpAuthConfigurationError);
    expect((error as Error).message).toMatch(/loaded lazily, \w+, has decorators of nestjs-mcp/);
  });

  it('is loaded if it has no decorator', async () => {
    @Injectable()
    class PlainService {
      constructor(readonly caller: AuthInfo) {}
    }
    @Module({ providers: [PlainService] })
    class PlainModule {}
    const app = await createApp({ adapter: 'express', options: oneResource(ISSUER) });
    await app.init();
    const loaded = await app.get(LazyModuleLoader).load(() => PlainModule);
    expect('token' in loaded.get(PlainService).caller).toBe(false);
  });

  it('is rejected if it is McpAuthModule, which would protect nothing', async () => {
    const module = await Test.createTestingModule({}).compile();
    const app = module.createNestApplication({ logger: false });
    await app.init();
    const load = () =>
      app
        .get(LazyModuleLoader)
        .load(() => McpAuthModule.forRootAsync({ useFactory: () => oneResource(ISSUER) }));
    for (let attempt = 0; attempt < 2; attempt++) {
      await expect(load()).rejects.toThrow(McpAuthConfigurationError);
      await expect(load()).rejects.toThrow('McpAuthModule is loaded lazily');
    }
    await app.close();
  });

  it('is rejected if McpAuthModule is among its imports', async () => {
    @Module({ imports: [McpAuthModule.forRoot(oneResource(ISSUER))] })
    class LateModule {}
    const module = await Test.createTestingModule({}).compile();
    await module.init();
    await expect(module.get(LazyModuleLoader).load(() => LateModule)).rejects.toThrow(
      'McpAuthModule is loaded lazily',
    );
    await module.close();
  });
});
