import { describe, expect, it } from '@jest/globals';
import { Controller, Delete, Get, Post, UseGuards, type Type } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { EventPattern, MessagePattern } from '@nestjs/microservices';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import {
  BearerAuthGuard,
  McpAuthConfigurationError,
  McpEndpoint,
  OptionalAuth,
  Public,
  RequireScopes,
  Resource,
} from 'nestjs-mcp-auth';
import {
  bearer,
  oneResource,
  RESOURCE,
  startApp,
  startFailure,
  type AppOptions,
} from '../support/app.js';
import { useIssuer } from '../support/serve.js';

describe('an application with guard: false', () => {
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
    [
      'a decorated handler without a guard',
      BareController,
      /^BareController\.list has @RequireScopes\(\), but no guard/,
    ],
    [
      'a decorated handler with only another guard',
      OtherGuardController,
      /^OtherGuardController\.list has @RequireScopes/,
    ],
    [
      'a decorated handler without a guard, beside a handler with the guard',
      ResourceController,
      /^ResourceController\.other has @Resource/,
    ],
    [
      'a decorated message handler without a guard',
      MessagesController,
      /^MessagesController\.a has @RequireScopes/,
    ],
    [
      'a decorated event handler without a guard',
      EventsController,
      /^EventsController\.a has @OptionalAuth\(\)/,
    ],
  ])('does not start with %s', async (_what, controller, message) => {
    const error = await startFailure({ options: options(), controllers: [controller] });
    expect(error).toBeInstanceOf(McpAuthConfigurationError);
    expect(error?.message).toMatch(message);
  });

  it.each<[string, Type, RegExp]>([
    [
      'a handler that is bound in its constructor',
      BoundController,
      /^BoundController\.list is replaced on its instance/,
    ],
    [
      'a handler that is replaced in its constructor',
      ReplacedController,
      /^ReplacedController\.list is replaced on its instance/,
    ],
    [
      'a message handler that is bound in its constructor',
      BoundMessagesController,
      /^BoundMessagesController\.a is replaced on/,
    ],
    [
      'an unguarded handler at the path of an MCP endpoint',
      SiblingController,
      /^SiblingController\.read answers at the path of/,
    ],
  ])('does not start with %s, which the guard would not protect', async (_what, type, message) => {
    const error = await startFailure({ options: options(), controllers: [type] });
    expect(error).toBeInstanceOf(McpAuthConfigurationError);
    expect(error?.message).toMatch(message);
  });

  it('starts if the guard is on the class of a replaced method, and protects the method', async () => {
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

  it('starts if each decorated handler has the guard, and leaves the other handlers open', async () => {
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
  ])('starts if the guard is bound globally by %s', async (_what, _setUp, providers) => {
    const { url } = await startApp({
      adapter: 'express',
      options: options(),
      controllers: [BareController],
      providers,
    });
    expect((await fetch(`${url}/bare`)).status).toBe(401);
  });

  it('starts if the guard is bound globally by useGlobalGuards', async () => {
    const { url } = await startApp({
      adapter: 'express',
      options: options(),
      controllers: [BareController],
      setUp: (app) => app.useGlobalGuards(app.get(BearerAuthGuard)),
    });
    expect((await fetch(`${url}/bare`)).status).toBe(401);
  });
});
