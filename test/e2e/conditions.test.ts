import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Controller, Get, Post, type LoggerService, type Type } from '@nestjs/common';
import { Field, GraphQLModule, ObjectType, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { MessagePattern } from '@nestjs/microservices';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { McpController as McpNestController, Tool } from '@rekog/mcp-nest';
import {
  InvalidTokenError,
  McpAuthConfigurationError,
  McpEndpoint,
  OptionalAuth,
  Public,
  RequireAuth,
  RequireClaims,
  RequireScopes,
  type RequiredClaims,
} from 'nestjs-mcp-auth';
import { io } from 'socket.io-client';
import {
  adapters,
  bearer,
  oneResource,
  RESOURCE,
  startApp,
  startFailure,
  stopApps,
} from '../support/app.js';
import { useIssuer } from '../support/serve.js';
import { startMcpNest, TodoEndpoint } from '../support/mcp-nest-app.js';

const DENIED = 'This operation is not open to the caller.';

/** The conditions that were called, in their order. */
const asked: string[] = [];
const says = (name: string, answer: unknown) => () => {
  asked.push(name);
  return answer as never;
};

@RequireAuth(says('base class', true))
class Base {
  @Get('inherited') @RequireAuth(says('base method', true)) inherited() {
    return {};
  }
}

@Controller('notes')
@RequireAuth(says('class 1', true), says('class 2', true))
@RequireAuth(says('class 3', true))
class NotesController extends Base {
  @Get('inherited') @RequireAuth(says('method', Promise.resolve(true))) override inherited() {
    return {};
  }

  @Get('second') @RequireAuth(says('first', false)) @RequireAuth(says('second', true)) second() {
    return {};
  }
}

interface NoteRequest {
  query: { tenant: string };
}

@Controller('answers')
class AnswersController {
  @Get('true') @RequireAuth(() => true) true() {
    return {};
  }

  @Get('false') @RequireAuth(() => false) false() {
    return {};
  }

  @Get('reason') @RequireAuth(() => 'Only on Mondays.') reason() {
    return {};
  }

  @Get('empty') @RequireAuth(() => '') empty() {
    return {};
  }

  @Get('later-true') @RequireAuth(() => Promise.resolve(true)) laterTrue() {
    return {};
  }

  @Get('later-reason') @RequireAuth(async () => Promise.resolve('Later.')) laterReason() {
    return {};
  }

  @Get('throws')
  @RequireAuth(() => {
    throw new Error('boom of alice');
  })
  throws() {
    return {};
  }

  @Get('rejects') @RequireAuth(() => Promise.reject(new Error('boom of alice'))) rejects() {
    return {};
  }

  @Get('undefined') @RequireAuth(() => undefined as never) undefined() {
    return {};
  }

  @Get('truthy') @RequireAuth(() => 1 as never) truthy() {
    return {};
  }

  @Get('thenable') @RequireAuth(() => ({ then: () => true }) as never) thenable() {
    return {};
  }

  @Get('refuses-token')
  @RequireAuth(() => {
    throw new InvalidTokenError();
  })
  refusesToken() {
    return {};
  }

  @Get('request')
  @RequireAuth<NoteRequest>(({ claims }, { query }) => claims.tenant === query.tenant)
  request() {
    return {};
  }

  @Get('scopes') @RequireScopes('write') @RequireAuth(() => 'Not you.') scopes() {
    return {};
  }

  @Get('met-scopes') @RequireScopes('write') @RequireAuth(() => true) metScopes() {
    return {};
  }

  @Get('optional') @OptionalAuth() @RequireAuth(() => true) @RequireScopes('read') optional() {
    return {};
  }
}

@Controller('claims')
@RequireClaims({ email_verified: true })
class ClaimsController {
  @Get() any() {
    return {};
  }

  @Get('one-of') @RequireClaims({ level: [2, 3] }) oneOf() {
    return {};
  }

  @Get('member') @RequireClaims({ groups: ['staff', 'editors'] }) member() {
    return {};
  }

  @Get('both') @RequireClaims({ groups: 'staff' }) @RequireClaims({ groups: 'editors' }) both() {
    return {};
  }

  @Get('all') @RequireClaims({ groups: 'staff', level: 1 }) all() {
    return {};
  }

  @Get('nested') @RequireClaims({ realm_access: { roles: 'admin' } }) nested() {
    return {};
  }

  @Get('url') @RequireClaims({ 'https://example.com/a.b': 'x' }) url() {
    return {};
  }
}

@Controller('mcp')
class McpController {
  @Post()
  @RequireClaims({ groups: 'staff' })
  @McpEndpoint({ tools: { create: 'create' } })
  handle() {
    return {};
  }
}

const verified = { email_verified: true };

const answers: [path: string, claims: Record<string, unknown>, status: number, reason?: string][] =
  [
    ['answers/true', {}, 200],
    ['answers/false', {}, 403, DENIED],
    ['answers/reason', {}, 403, 'Only on Mondays.'],
    ['answers/empty', {}, 403, DENIED],
    ['answers/later-true', {}, 200],
    ['answers/later-reason', {}, 403, 'Later.'],
    ['answers/throws', {}, 500],
    ['answers/rejects', {}, 500],
    ['answers/undefined', {}, 500],
    ['answers/truthy', {}, 500],
    ['answers/thenable', {}, 500],
    ['answers/request?tenant=a', { tenant: 'a' }, 200],
    ['answers/request?tenant=b', { tenant: 'a' }, 403, DENIED],
    ['answers/scopes', {}, 403, 'Not you.'],
    ['answers/scopes', { scope: 'write' }, 403, 'Not you.'],
    ['answers/met-scopes', { scope: 'write' }, 200],
    ['answers/optional', { scope: 'read' }, 200],
    ['claims', verified, 200],
    ['claims', {}, 403, DENIED],
    ['claims', { email_verified: false }, 403, DENIED],
    ['claims', { email_verified: 'true' }, 403, DENIED],
    ['claims', { email_verified: 1 }, 403, DENIED],
    ['claims/one-of', { ...verified, level: 3 }, 200],
    ['claims/one-of', { ...verified, level: 1 }, 403, DENIED],
    ['claims/one-of', { ...verified, level: '3' }, 403, DENIED],
    ['claims/one-of', { level: 3 }, 403, DENIED],
    ['claims/member', { ...verified, groups: ['guests', 'editors'] }, 200],
    ['claims/member', { ...verified, groups: 'staff' }, 200],
    ['claims/member', { ...verified, groups: ['guests'] }, 403, DENIED],
    ['claims/member', { ...verified, groups: [] }, 403, DENIED],
    ['claims/member', { ...verified, groups: [['staff']] }, 403, DENIED],
    ['claims/member', { ...verified, groups: 'staff editors' }, 403, DENIED],
    ['claims/member', { ...verified, groups: ['Staff'] }, 403, DENIED],
    ['claims/member', { ...verified, groups: { staff: true } }, 403, DENIED],
    ['claims/both', { ...verified, groups: ['staff', 'editors'] }, 200],
    ['claims/both', { ...verified, groups: ['staff'] }, 403, DENIED],
    ['claims/all', { ...verified, groups: ['staff'], level: 1 }, 200],
    ['claims/all', { ...verified, groups: ['staff'], level: 2 }, 403, DENIED],
    ['claims/nested', { ...verified, realm_access: { roles: ['user', 'admin'] } }, 200],
    ['claims/nested', { ...verified, realm_access: { roles: ['user'] } }, 403, DENIED],
    ['claims/nested', { ...verified, realm_access: [{ roles: ['admin'] }] }, 403, DENIED],
    ['claims/nested', { ...verified, realm_access: null }, 403, DENIED],
    ['claims/nested', { ...verified, 'realm_access.roles': 'admin' }, 403, DENIED],
    ['claims/url', { ...verified, 'https://example.com/a.b': 'x' }, 200],
  ];

const issuer = useIssuer();

const token = (claims: Record<string, unknown>) => issuer.mint({ audience: RESOURCE, claims });

describe.each(adapters)('conditions, on %s', (adapter) => {
  let url: string;
  const logged: unknown[] = [];
  const logger: LoggerService = {
    log: () => undefined,
    warn: () => undefined,
    error: (...args: unknown[]) => void logged.push(args),
  };

  beforeAll(async () => {
    ({ url } = await startApp({
      adapter,
      options: oneResource(issuer.url),
      controllers: [NotesController, AnswersController, ClaimsController, McpController],
      nest: { logger },
    }));
  });
  afterAll(stopApps);

  it.each(answers.map(([path, claims, status, reason]) => [path, claims, status, reason] as const))(
    'answer %s with %j by %i %s',
    async (path, claims, status, reason) => {
      const response = await fetch(`${url}/${path}`, bearer(await token(claims)));
      const body: unknown = await response.json();
      expect(response.status).toBe(status);
      // More scopes would not help, so the answer has no challenge.
      expect(response.headers.get('www-authenticate')).toBeNull();
      if (status === 403) {
        expect(body).toEqual({ error: 'access_denied', error_description: reason });
      }
    },
  );

  it('are followed by a check of scopes if all are met', async () => {
    const response = await fetch(`${url}/answers/met-scopes`, bearer(await token({})));
    expect(response.status).toBe(403);
    expect(response.headers.get('www-authenticate')).toContain('scope="write"');
  });

  it('are called in the order in which classes and methods declare them', async () => {
    asked.length = 0;
    const response = await fetch(`${url}/notes/inherited`, bearer(await token({})));
    expect(response.status).toBe(200);
    expect(asked).toEqual(['base class', 'class 1', 'class 2', 'class 3', 'base method', 'method']);
  });

  it('are not called after a condition that is not met', async () => {
    asked.length = 0;
    expect((await fetch(`${url}/notes/second`, bearer(await token({})))).status).toBe(403);
    expect(asked).toEqual(['base class', 'class 1', 'class 2', 'class 3', 'first']);
  });

  it('are not called for an invalid token', async () => {
    asked.length = 0;
    const response = await fetch(`${url}/notes/second`, bearer(await token({ exp: 1 })));
    expect(response.status).toBe(401);
    expect(asked).toEqual([]);
  });

  it('reject an anonymous caller even with @OptionalAuth()', async () => {
    const response = await fetch(`${url}/answers/optional`);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('scope="read"');
  });

  it('answer 401 if a condition throws InvalidTokenError', async () => {
    const response = await fetch(`${url}/answers/refuses-token`, bearer(await token({})));
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"');
  });

  it.each([['throws'], ['rejects']])(
    'answer 500 without details, and log the cause, if a condition %s',
    async (path) => {
      logged.length = 0;
      const response = await fetch(`${url}/answers/${path}`, bearer(await token({})));
      expect(await response.text()).not.toContain('boom');
      expect(logged.flat().map(String).join()).toContain('boom of alice');
    },
  );

  it('are reported in the log with their handler if a condition returns something other than a boolean', async () => {
    logged.length = 0;
    await fetch(`${url}/answers/undefined`, bearer(await token({})));
    expect(logged.flat().map(String).join()).toContain('AnswersController.undefined');
  });

  it.each([
    [{ groups: ['staff'], scope: 'create' }, 201, undefined],
    [{ groups: ['staff'] }, 403, 'insufficient_scope'],
    [{ scope: 'create' }, 403, 'access_denied'],
  ])('apply to an MCP endpoint: %j', async (claims, status, error) => {
    const { headers } = bearer(await token(claims));
    const response = await fetch(`${url}/mcp`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'create', arguments: {} },
      }),
    });
    const body = (await response.json()) as { error?: string };
    expect([response.status, body.error]).toEqual([status, error]);
  });
});

@ObjectType()
class Note {
  @Field() text!: string;
}

@Resolver(() => Note)
class NotesResolver {
  @Query(() => String) @RequireClaims({ groups: 'staff' }) staff() {
    return 'staff';
  }

  @Query(() => String)
  @RequireAuth<{ headers: Record<string, string> }>(
    (_, { headers }) => headers['x-tenant'] === 'a' || 'Another tenant.',
  )
  tenant() {
    return 'tenant';
  }
}

@Resolver(() => Note)
class FieldResolver {
  @Query(() => Note) @Public() note() {
    return {};
  }

  @ResolveField(() => String) @RequireClaims({ groups: 'staff' }) text() {
    return 'x';
  }
}

@WebSocketGateway()
class NotesGateway {
  @SubscribeMessage('staff') @RequireClaims({ groups: 'staff' }) staff() {
    return { event: 'staff', data: {} };
  }
}

const graphql = () =>
  GraphQLModule.forRoot<ApolloDriverConfig>({
    driver: ApolloDriver,
    autoSchemaFile: true,
    graphiql: false,
  });

describe.each(adapters)('conditions on other handlers, on %s', (adapter) => {
  afterEach(stopApps);

  it.each([
    ['staff', { groups: ['staff'] }, 'a', undefined],
    ['staff', {}, 'a', DENIED],
    ['tenant', {}, 'a', undefined],
    ['tenant', {}, 'b', 'Another tenant.'],
  ])('apply to GraphQL: %s with %j, of tenant %s', async (field, claims, tenant, reason) => {
    const { url } = await startApp({
      adapter,
      options: oneResource(issuer.url),
      imports: [graphql()],
      providers: [NotesResolver],
    });
    const { headers } = bearer(await token(claims));
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', 'x-tenant': tenant },
      body: JSON.stringify({ query: `{ ${field} }` }),
    });
    expect(response.headers.get('www-authenticate')).toBeNull();
    expect(await response.json()).toMatchObject(
      reason === undefined
        ? { data: { [field]: field } }
        : { errors: [{ message: reason, extensions: { code: 'access_denied' } }] },
    );
  });

  it.each([
    [{ groups: ['staff'] }, 'staff', {}],
    [{}, 'exception', { error: 'access_denied', error_description: DENIED }],
  ])('apply to a gateway, with %j', async (claims, event, data) => {
    const { url } = await startApp({
      adapter,
      options: oneResource(issuer.url),
      providers: [NotesGateway],
    });
    const { headers } = bearer(await token(claims));
    const socket = io(url, { transports: ['websocket'], forceNew: true, extraHeaders: headers });
    try {
      const heard = new Promise((resolve) => socket.onAny((...said) => resolve(said)));
      socket.emit('staff', {});
      expect(await heard).toEqual([event, expect.objectContaining(data)]);
    } finally {
      socket.disconnect();
    }
  });
});

const circular: Record<string, unknown> = {};
circular.again = circular;

describe('invalid conditions stop the start', () => {
  afterEach(stopApps);

  @Controller()
  class PublicMethod {
    @Get() @Public() @RequireAuth(() => true) get() {
      return {};
    }
  }

  @Controller()
  @Public()
  class PublicClass {
    @Get() @RequireClaims({ a: 1 }) get() {
      return {};
    }
  }

  @Controller()
  @Public()
  @RequireClaims({ a: 1 })
  class BothOnClass {
    @Get() get() {
      return {};
    }
  }

  @Controller()
  @RequireClaims({ a: 1 })
  class PublicBelow {
    @Get() @Public() get() {
      return {};
    }
  }

  @Controller()
  class MessageMethod {
    @MessagePattern('note') @RequireClaims({ a: 1 }) note() {
      return {};
    }
  }

  @Controller()
  @RequireAuth(() => true)
  class MessageClass {
    @MessagePattern('note') note() {
      return {};
    }
  }

  it.each<[string, Type, string | undefined]>([
    [
      'on a method with scopes or conditions',
      PublicMethod,
      'PublicMethod.get is @Public() and yet @RequireAuth()',
    ],
    ['on a public class', PublicClass, 'PublicClass.get is @Public() and yet @RequireClaims()'],
    ['both on a class', BothOnClass, 'BothOnClass.get is @Public() and yet @RequireClaims()'],
    ['on a method of a class with conditions, which is allowed', PublicBelow, undefined],
  ])('with @Public(): %s', async (_, controller, message) => {
    const failure = await startFailure({
      options: oneResource(issuer.url),
      controllers: [controller],
    });
    expect(failure?.message).toEqual(message && expect.stringContaining(message));
  });

  it.each([
    ['its method', MessageMethod],
    ['its class', MessageClass],
  ])('on a message handler whose token the guard cannot find: %s', async (_, controller) => {
    const failure = await startFailure({
      options: oneResource(issuer.url),
      controllers: [controller],
    });
    expect(failure?.message).toContain(`${controller.name}.note is called by messages`);
  });

  it('on a field resolver without guards', async () => {
    const failure = await startFailure({
      options: oneResource(issuer.url),
      imports: [graphql()],
      providers: [FieldResolver],
    });
    expect(failure?.message).toContain(
      'FieldResolver.text is a field resolver with @RequireClaims(), and GraphQL runs no guard on it',
    );
  });

  it.each([
    ['@RequireClaims()', RequireClaims({ groups: 'staff' })],
    ['@RequireAuth()', RequireAuth(() => true)],
  ])('%s on a tool of MCP-Nest', async (name, decorator) => {
    @McpNestController()
    class TodoServer {
      @Tool({ name: 'todo', description: 'Todo' })
      @decorator
      todo() {
        return {};
      }
    }
    const failure: unknown = await startMcpNest({
      adapter: 'express',
      options: oneResource(issuer.url),
      controllers: [TodoServer, TodoEndpoint],
    }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(McpAuthConfigurationError);
    expect(String(failure)).toContain(`TodoServer.todo is served by MCP-Nest and has ${name}`);
  });

  it.each<[string, () => unknown]>([
    ['no condition', () => (RequireAuth as () => unknown)()],
    ['a string instead of a function', () => RequireAuth('admin' as never)],
    ['undefined instead of an object', () => RequireClaims(undefined as never)],
    ['a string', () => RequireClaims('admin' as never)],
    ['an array', () => RequireClaims(['admin'] as never)],
    ['an empty object', () => RequireClaims({})],
    ['no value for a claim', () => RequireClaims({ groups: [] })],
    ['undefined', () => RequireClaims({ groups: undefined as never })],
    ['null', () => RequireClaims({ groups: null as never })],
    ['NaN', () => RequireClaims({ level: NaN })],
    ['a function', () => RequireClaims({ level: (() => true) as never })],
    ['an array in an array', () => RequireClaims({ groups: [['a']] as never })],
    ['an empty object inside a claim', () => RequireClaims({ realm_access: {} })],
    ['a circular object', () => RequireClaims(circular as never)],
  ])('when the decorator gets %s', (_, decorate) => {
    expect(decorate).toThrow(McpAuthConfigurationError);
  });

  it.each<[string, RequiredClaims, string]>([
    [
      'an array in an object',
      { realm_access: { roles: [] } },
      'the value at "realm_access.roles" must be a string, a number, a boolean, or a non-empty array of them.',
    ],
    [
      'an empty object in an object',
      { realm_access: { roles: {} } },
      'the value at "realm_access.roles" must be an object that names at least one claim.',
    ],
    [
      'an object in more than ten other objects',
      circular as RequiredClaims,
      `the value at "${Array(10).fill('again').join('.')}" must not be an object, because requirements are at most 10 objects deep.`,
    ],
  ])('with a message that names the place of %s', (_, required, message) => {
    expect(() => RequireClaims(required)).toThrow(`@RequireClaims(): ${message}`);
  });

  it('are copied: later changes of the given object have no effect', async () => {
    const required = { groups: ['staff'] };
    @Controller('changed')
    class ChangedController {
      @Get() @RequireClaims(required) get() {
        return {};
      }
    }
    required.groups.push('guests');
    const { url } = await startApp({
      adapter: 'express',
      options: oneResource(issuer.url),
      controllers: [ChangedController],
    });
    const response = await fetch(`${url}/changed`, bearer(await token({ groups: ['guests'] })));
    expect(response.status).toBe(403);
  });
});
