import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Post, type Type } from '@nestjs/common';
import {
  McpAuthConfigurationError,
  McpEndpoint,
  OptionalAuth,
  Public,
  RequireAuth,
  RequireClaims,
  RequireScopes,
} from 'nestjs-mcp-auth';
import { oneResource, startFailure } from '../support/app.js';
import { serve } from '../support/serve.js';

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

describe('decorators of methods mixed in from another class', () => {
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

  /** A controller made by a wrapper that copies only Nest's own metadata. */
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

  const server = serve('express', { controllers: [MixedController, BorrowingController] });

  it.each([
    ['mixed/scoped', 401, 403],
    ['mixed/conditional', 401, 403],
    ['mixed/claims', 401, 403],
    ['mixed/open', 200, 200],
    ['mixed/maybe', 200, 200],
    ['mixed/wrapped', 401, 403],
    ['mixed/replaced', 200, 200],
    ['borrowing/scoped', 401, 403],
  ])('apply: %s', async (path, anonymous, unscoped) => {
    expect((await server.get(path)).status).toBe(anonymous);
    expect((await server.get(path, await server.mint())).status).toBe(unscoped);
  });

  it.each<[string, Type, RegExp]>([
    [
      'a wrapper above the decorators',
      LostController,
      /^LostController\.list is mixed in from WrappedR.*Scopes/,
    ],
    [
      'a copy of string-keyed metadata only',
      CopiedController,
      /^CopiedController\.copied wraps .* but does not have them itself/,
    ],
    [
      'decorators of the class that is mixed in',
      LostClassController,
      /^LostClassController\.list is mixed in from ScopedRou/,
    ],
    [
      'decorators of the method that is replaced',
      ReplacedController,
      /^ReplacedController\.replaced is @Public\(\) and yet/,
    ],
  ])('stop the start if lost or contradictory: %s', async (_what, type, message) => {
    const error = await startFailure({
      options: oneResource(server.issuer.url),
      controllers: [type],
    });
    expect(error).toBeInstanceOf(McpAuthConfigurationError);
    expect(error?.message).toMatch(message);
  });
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

  const server = serve('express', {
    controllers: [OptionalController, ScopedController, HeirController],
  });

  it.each([
    ['GET', 'optional/plain', 200, undefined],
    ['GET', 'optional/scoped', 401, 'scope="read"'],
    ['GET', 'optional/computed', 401, undefined],
    ['GET', 'optional/condition', 401, undefined],
    ['GET', 'optional/claims', 401, undefined],
    ['POST', 'optional/mcp', 401, 'scope="mcp"'],
    ['GET', 'heir', 401, 'scope="read"'],
    // If @OptionalAuth() is as near as the scopes or nearer, only callers with a token need the scopes.
    ['GET', 'optional/both', 200, undefined],
    ['GET', 'scoped-class', 200, undefined],
  ])('without a token: %s %s answers %d', async (method, path, status, challenge) => {
    const response = await fetch(`${server.url}/${path}`, { method });
    expect(response.status).toBe(status);
    expect(response.headers.get('www-authenticate') ?? '').toContain(challenge ?? '');
  });
});
