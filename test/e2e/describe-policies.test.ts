import { afterEach, describe, expect, it } from '@jest/globals';
import {
  All,
  Controller,
  Get,
  Module,
  Post,
  UseGuards,
  type INestApplication,
} from '@nestjs/common';
import { ModuleRef, NestFactory } from '@nestjs/core';
import { MessagePattern } from '@nestjs/microservices';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import {
  BearerAuthGuard,
  describePolicies,
  McpEndpoint,
  OptionalAuth,
  Public,
  RequireAuth,
  RequireClaims,
  RequireScopes,
  Resource,
} from 'nestjs-mcp-auth';
import { startMcpNest } from '../support/mcp-nest-app.js';
import { adapters, oneResource, RESOURCE, startApp, stopApps } from '../support/app.js';

const ISSUER = 'https://auth.example.com';
const ADMIN = 'https://api.example.com/admin';
const NONE = {
  scopes: [],
  computesScopes: false,
  conditions: [],
  operations: [],
  deniesOtherOperations: false,
};

@Controller('notes')
@RequireScopes('read:notes')
class NotesController {
  @Get() list() {
    return [];
  }

  @Post()
  @RequireScopes({ anyOf: ['write:notes', ['admin', 'notes']] }, () => undefined)
  @RequireClaims({ email_verified: true })
  @RequireAuth(() => true)
  create() {
    return {};
  }

  @Get('front') @OptionalAuth() front() {
    return {};
  }
}

@Controller()
class OpenController {
  @Get('health') @Public() health() {
    return 'ok';
  }

  @MessagePattern('unmarked') unmarked() {
    return {};
  }
}

@Controller('mcp')
class ServerController {
  @All()
  @McpEndpoint({
    tools: { add: 'write:notes', free: [], odd: () => 'x' },
    resources: { 'note://{id}': ['a', 'b'] },
    defaultDeny: true,
  })
  handle() {
    return {};
  }
}

@WebSocketGateway()
class NotesGateway {
  @SubscribeMessage('add') @RequireScopes('write:notes') add() {
    return {};
  }
}

describe.each(adapters)('describePolicies(), on %s', (adapter) => {
  afterEach(stopApps);

  const describeAll = async (controllers: never[] | unknown[], more: object = {}) => {
    const { app } = await startApp({
      adapter,
      options: { ...oneResource(ISSUER), ...more },
      controllers: controllers as [],
      providers: [NotesGateway],
    });
    return new Map(describePolicies(app).map((policy) => [policy.handler, policy]));
  };

  it('describes for each handler what a request needs', async () => {
    const policies = await describeAll([NotesController, OpenController, ServerController]);
    expect(Object.fromEntries(policies)).toEqual({
      'NotesController.list': {
        ...NONE,
        handler: 'NotesController.list',
        kind: 'http',
        access: 'required',
        resource: RESOURCE,
        scopes: ['read:notes'],
      },
      'NotesController.create': {
        ...NONE,
        handler: 'NotesController.create',
        kind: 'http',
        access: 'required',
        resource: RESOURCE,
        scopes: ['read:notes', { anyOf: ['write:notes', ['admin', 'notes']] }],
        computesScopes: true,
        conditions: ['@RequireClaims()', '@RequireAuth()'],
      },
      'NotesController.front': {
        ...NONE,
        handler: 'NotesController.front',
        kind: 'http',
        access: 'optional',
        resource: RESOURCE,
        scopes: ['read:notes'],
      },
      'OpenController.health': {
        ...NONE,
        handler: 'OpenController.health',
        kind: 'http',
        access: 'public',
      },
      'OpenController.unmarked': {
        ...NONE,
        handler: 'OpenController.unmarked',
        kind: 'rpc',
        access: 'unguarded',
      },
      'ServerController.handle': {
        ...NONE,
        handler: 'ServerController.handle',
        kind: 'http',
        access: 'required',
        resource: RESOURCE,
        operations: [
          { kind: 'tools', name: 'add', scopes: ['write:notes'], computesScopes: false },
          { kind: 'tools', name: 'free', scopes: [], computesScopes: false },
          { kind: 'tools', name: 'odd', scopes: [], computesScopes: true },
          { kind: 'resources', name: 'note://{id}', scopes: ['a', 'b'], computesScopes: false },
        ],
        deniesOtherOperations: true,
      },
      'NotesGateway.add': {
        ...NONE,
        handler: 'NotesGateway.add',
        kind: 'ws',
        access: 'required',
        resource: RESOURCE,
        scopes: ['write:notes'],
      },
    });
  });

  it('names the resource of each handler if there are several', async () => {
    @Controller('admin')
    @Resource(ADMIN)
    class AdminController {
      @Get() get() {
        return {};
      }
    }
    const { app } = await startApp({
      adapter,
      options: {
        protectedResources: [RESOURCE, ADMIN].map((resource) => ({
          metadata: { resource, authorizationServers: [ISSUER] },
        })),
      },
      controllers: [AdminController],
    });
    expect(describePolicies(app)).toMatchObject([{ resource: ADMIN }]);
  });

  it('marks handlers without a guard, if the application binds the guard itself', async () => {
    @Controller('own')
    class OwnController {
      @Get() @UseGuards(BearerAuthGuard) guarded() {
        return {};
      }

      @Get('other') unguarded() {
        return {};
      }
    }
    const { app } = await startApp({
      adapter,
      options: { ...oneResource(ISSUER), guard: false },
      controllers: [OwnController],
    });
    expect(describePolicies(app).map(({ handler, access }) => [handler, access])).toEqual([
      ['OwnController.guarded', 'required'],
      ['OwnController.unguarded', 'unguarded'],
    ]);
  });

  it('describes MCP-Nest tools as operations of their endpoint, not as handlers', async () => {
    const { app } = await startMcpNest({ adapter, options: oneResource(ISSUER) });
    const policies = describePolicies(app);
    expect(policies.map(({ handler }) => handler.split('.')[0])).not.toContain('TodoServer');
    const [endpoint] = policies.filter(({ operations }) => operations.length > 0);
    expect(endpoint?.operations).toEqual(
      expect.arrayContaining([
        {
          kind: 'tools',
          name: 'create-todo',
          scopes: ['read:todos', 'create:todos'],
          computesScopes: false,
        },
      ]),
    );
  });
});

describe('an application without McpAuthModule', () => {
  @Module({})
  class EmptyModule {}

  it.each([
    ['an application', (app: INestApplication) => app],
    ['a ModuleRef', (app: INestApplication) => app.get(ModuleRef)],
  ])(
    'makes describePolicies() throw with the remedy, without ending the process: %s',
    async (_, of) => {
      const app = await NestFactory.create(EmptyModule, { logger: false });
      expect(() => describePolicies(of(app))).toThrow(
        /^describePolicies\(\) was given an application .* Add McpAuthModule.forRoot\(\) to its imports/,
      );
      await app.close();
    },
  );
});
