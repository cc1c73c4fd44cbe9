import { afterAll, describe, expect, it } from '@jest/globals';
import {
  All,
  Controller,
  Get,
  Module,
  Scope,
  UseGuards,
  type MiddlewareConsumer,
} from '@nestjs/common';
import {
  BearerAuthGuard,
  McpAuthModule,
  OptionalAuth,
  Public,
  RequireScopes,
} from 'nestjs-mcp-auth';
import { adapters, oneResource, startApp, startFailure, stopApps } from '../support/app.js';
import { serve } from '../support/serve.js';

/** Replaces the method, as decorators for logs or transactions do, and copies none of its metadata. */
function Wrapped(): MethodDecorator {
  return (_target, _name, descriptor) => {
    const original = descriptor.value as unknown as () => unknown;
    descriptor.value = function wrapper(this: unknown) {
      return original.call(this);
    } as never;
  };
}

abstract class Base {
  @Get('inherited') @RequireScopes('base') inherited() {
    return {};
  }

  @Get('overridden') @RequireScopes('base') overridden() {
    return {};
  }

  @Get('opened') @Public() opened() {
    return {};
  }

  @Get('closed') @Public() closed() {
    return {};
  }
}

@Controller('notes')
class NotesController extends Base {
  @Get('wrapped') @Wrapped() @RequireScopes('admin') wrapped() {
    return {};
  }

  @Get('wrapped-public') @Wrapped() @Public() wrappedPublic() {
    return {};
  }

  @Get('overridden') @RequireScopes('own') override overridden() {
    return {};
  }

  @Get('closed') override closed() {
    return {};
  }
}

@Public()
@Controller('front')
class FrontController {
  @Get() page() {
    return {};
  }

  @Get('maybe') @OptionalAuth() maybe() {
    return {};
  }
}

@Controller('back')
class BackController extends FrontController {
  @Get('office') office() {
    return {};
  }
}

@RequireScopes('a')
class Scoped {}

@Controller('scoped')
@RequireScopes('b')
class ScopedController extends Scoped {
  @All() @RequireScopes('c') @RequireScopes('d') all() {
    return {};
  }
}

@Controller({ path: 'request', scope: Scope.REQUEST })
class RequestController {
  @Get() @RequireScopes('admin') get() {
    return {};
  }
}

@Controller('bound')
class BoundController {
  constructor() {
    this.remove = this.remove.bind(this);
    this.wrapped = this.traced(this.wrapped.bind(this));
  }

  @Get() @RequireScopes('admin') remove() {
    return {};
  }

  @Get('traced') @RequireScopes('admin') wrapped(): object {
    return {};
  }

  /** A helper whose function has the name of a method. */
  traced(run: () => object): () => object {
    return function traced() {
      return run();
    };
  }
}

@Controller({ path: 'bound-request', scope: Scope.REQUEST })
class BoundRequestController extends BoundController {}

/** A module that adds the property that some libraries add on Express to verify webhooks. */
@Module({})
class RawBodyModule {
  configure(consumer: MiddlewareConsumer) {
    consumer
      .apply((request: { raw?: unknown }, _response: unknown, next: () => void) => {
        request.raw ??= Buffer.from('body');
        next();
      })
      .forRoutes('*path');
  }
}

const cases: [path: string, scopes: string, status: number, scope?: string][] = [
  ['notes/inherited', '', 403, 'base'],
  ['notes/inherited', 'base', 200],
  ['notes/overridden', 'own', 403, 'base own'],
  ['notes/overridden', 'own base', 200],
  ['notes/wrapped', '', 403, 'admin'],
  ['notes/wrapped', 'admin', 200],
  ['scoped', 'a b d', 403, 'a b d c'],
  ['scoped', 'a b c d', 200],
  ['request', '', 403, 'admin'],
  ['request', 'admin', 200],
  ['back', '', 200],
  ['bound', '', 403, 'admin'],
  ['bound', 'admin', 200],
  ['bound-request', '', 500],
  ['bound/traced', '', 403, 'admin'],
];

const anonymous: [path: string, status: number][] = [
  ['notes/opened', 200],
  ['notes/closed', 401],
  ['notes/wrapped-public', 200],
  ['front', 200],
  ['front/maybe', 200],
  ['back', 401],
  ['back/office', 401],
  ['back/maybe', 200],
];

describe.each(adapters)('decorators, on %s', (adapter) => {
  const server = serve(adapter, {
    controllers: [
      NotesController,
      FrontController,
      BackController,
      ScopedController,
      RequestController,
      BoundController,
      BoundRequestController,
    ],
    imports: adapter === 'express' ? [RawBodyModule] : [],
  });

  it.each(cases.map(([path, scopes, status, scope]) => [path, scopes, status, scope] as const))(
    'answer %s with the scopes "%s" by %d',
    async (path, scope, status, challenged) => {
      const token = await server.mint({ claims: { scope } });
      const response = await server.get(path, token);
      expect(response.status).toBe(status);
      expect(/scope="([^"]*)"/.exec(response.headers.get('www-authenticate') ?? '')?.[1]).toBe(
        challenged,
      );
    },
  );

  it.each(anonymous)('answer %s without a token by %d', async (path, status) => {
    expect((await server.get(path)).status).toBe(status);
  });
});

it('a handler that replaces another handler in the constructor stops the start', async () => {
  @Controller('swapped')
  class SwappedController {
    constructor() {
      this.admin = this.ping = this.ping.bind(this);
    }

    @Get('ping') @Public() ping() {
      return {};
    }

    @Get('admin') @RequireScopes('admin') admin() {
      return {};
    }
  }
  const failure = await startFailure({
    options: oneResource('https://auth.example.com'),
    controllers: [SwappedController],
  });
  expect(failure?.message).toMatch(
    /SwappedController\.\w+ and SwappedController\.\w+ are the same function/,
  );
});

it('a method that replaces another method has the requirements of its own name', async () => {
  @Controller('swapped')
  class SwappedController {
    constructor() {
      this.admin = this.ping.bind(this);
    }

    @Get('ping') @Public() ping() {
      return {};
    }

    @Get('admin') @RequireScopes('admin') admin() {
      return {};
    }
  }
  const { url } = await startApp({
    adapter: 'express',
    options: oneResource('https://auth.example.com'),
    controllers: [SwappedController],
  });
  expect((await fetch(`${url}/swapped/admin`)).status).toBe(401);
  await stopApps();
});

describe.each(adapters)('registration with the option guard, on %s', (adapter) => {
  const register = (guard: unknown) => ({
    adapter,
    options: { ...oneResource('https://auth.example.com'), guard } as never,
    controllers: [FrontController, RequestController],
  });

  afterAll(stopApps);

  it('binds the guard if guard is undefined', async () => {
    const { url } = await startApp(register(undefined));
    expect((await fetch(`${url}/request`)).status).toBe(401);
  });

  it.each([null, 0, '', 'false'])('stops the start with guard: %j', (guard) => {
    expect(() => McpAuthModule.forRoot(register(guard).options)).toThrow(
      'guard of McpAuthModule must be true or false',
    );
  });

  it('with guard: false is protected if the application binds the guard', async () => {
    @Controller('by-hand')
    @UseGuards(BearerAuthGuard)
    class ByHandController {
      @Get() @RequireScopes('a') get() {
        return {};
      }
    }
    const { url } = await startApp({ ...register(false), controllers: [ByHandController] });
    const response = await fetch(`${url}/by-hand`);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('scope="a"');
  });

  it('with guard: false is open if no decorator needs a token', async () => {
    @Controller('undecorated')
    class UndecoratedController {
      @Get() get() {
        return {};
      }
    }
    const controllers = [UndecoratedController];
    const { url } = await startApp({ ...register(false), controllers });
    expect((await fetch(`${url}/undecorated`)).status).toBe(200);
  });

  it('with guard: false does not start if a decorator needs a token', async () => {
    await expect(startApp(register(false))).rejects.toThrow(
      /^\w+Controller\.\w+ has @\w+\(\), but no guard runs for it/,
    );
  });
});
