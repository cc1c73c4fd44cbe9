import { EventEmitter, once } from 'node:events';
import { inspect } from 'node:util';
import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Controller, Get, Injectable, Post, UseGuards, type LoggerService } from '@nestjs/common';
import {
  BearerAuthGuard,
  McpEndpoint,
  RequireScopes,
  Resource,
  TokenVerifier,
  type McpAuthModuleOptions,
  type StepUpForm,
} from 'nestjs-mcp-auth';
import { adapters, bearer, RESOURCE, startApp, stopApps } from '../support/app.js';
import { Issuer } from '../support/issuer.js';
import { useIssuer } from '../support/serve.js';
import { call } from '../support/mcp/wire.js';

const at = (name: string) => `https://api.example.com/${name}`;
const ISSUER = 'https://auth.example.com';

/** The function of the user that fails, and how it fails. All other functions work. */
let fault: { of: string; how: () => unknown } | undefined;
let handled = 0;
let logged: string[] = [];

const doing = <T>(name: string, right: () => T): T =>
  fault?.of === name ? (fault.how() as T) : right();

const verify = (name: string) => ({
  issuer: ISSUER,
  audience: at(name),
  scopes: ['read'],
});

@Injectable()
class Verifier extends TokenVerifier {
  override verify() {
    return doing('a tokenVerifier class', () => verify('class'));
  }
}

@Injectable()
class RequestGuard extends BearerAuthGuard {
  protected override getRequest(...given: Parameters<BearerAuthGuard['getRequest']>) {
    return doing('getRequest() of a guard', () => super.getRequest(...given));
  }
}

@Injectable()
class LenientGuard extends BearerAuthGuard {
  protected override isLeftAlone() {
    return doing('isLeftAlone() of a guard', () => false);
  }
}

const write = (...line: unknown[]) => void logged.push(line.map((one) => inspect(one)).join());
const logger: LoggerService = { log: write, warn: write, error: write, fatal: write };

const handle = () => {
  handled++;
  return {};
};

@Controller('plain')
class PlainController {
  @Get() get() {
    return handle();
  }
}

@Controller()
class CallbackController {
  @Get('function') @Resource(at('function')) @UseGuards(BearerAuthGuard) byFunction() {
    return handle();
  }

  @Get('class') @Resource(at('class')) @UseGuards(BearerAuthGuard) byClass() {
    return handle();
  }

  @Get('claims') @Resource(at('claims')) @UseGuards(BearerAuthGuard) byClaims() {
    return handle();
  }

  @Get('request') @Resource(at('jwt')) @UseGuards(RequestGuard) request() {
    return handle();
  }

  @Get('lenient') @Resource(at('jwt')) @UseGuards(LenientGuard) lenient() {
    return handle();
  }

  @Get('scopes')
  @Resource(at('jwt'))
  @UseGuards(BearerAuthGuard)
  @RequireScopes(() => doing('@RequireScopes()', () => 'read'))
  scopes() {
    return handle();
  }

  @Post('operation')
  @Resource(at('jwt'))
  @UseGuards(BearerAuthGuard)
  @McpEndpoint({ tools: { tool: () => doing('the scopes of an MCP operation', () => 'read') } })
  operation() {
    return handle();
  }

  @Post('step-up')
  @Resource(at('jwt'))
  @UseGuards(BearerAuthGuard)
  @McpEndpoint({
    tools: { tool: 'write' },
    stepUp: () => doing<StepUpForm>('stepUp', () => 'http'),
  })
  stepUp() {
    return handle();
  }
}

const options = ({ url }: Issuer): McpAuthModuleOptions => {
  const resource = (name: string, issuer = url) => ({
    metadata: { resource: at(name), authorizationServers: [issuer] },
  });
  return {
    tokenCache: false,
    protectedResources: [
      resource('jwt'),
      {
        ...resource('claims'),
        claims: { scopes: () => doing('a function of claims', () => 'read') },
      },
      {
        ...resource('function', ISSUER),
        tokenVerifier: () => doing('a tokenVerifier function', () => verify('function')),
      },
      { ...resource('class', ISSUER), tokenVerifier: Verifier },
    ],
  };
};

interface Callback {
  of: string;
  /** The path that calls the function. */
  path: string;
  /** The answer if the function works. */
  right: number;
  /** `true` if the function must not be asynchronous. */
  assertNotPromise?: true;
}

const callbacks: Callback[] = [
  { of: 'a tokenVerifier function', path: 'function', right: 200 },
  { of: 'a tokenVerifier class', path: 'class', right: 200 },
  { of: 'a function of claims', path: 'claims', right: 200, assertNotPromise: true },
  { of: '@RequireScopes()', path: 'scopes', right: 200 },
  { of: 'the scopes of an MCP operation', path: 'operation', right: 201 },
  { of: 'stepUp', path: 'step-up', right: 403, assertNotPromise: true },
  { of: 'getRequest() of a guard', path: 'request', right: 200, assertNotPromise: true },
  { of: 'isLeftAlone() of a guard', path: 'lenient', right: 200, assertNotPromise: true },
];

/** Returns an object that throws at every access. */
const hostile = () => {
  const refuse = () => {
    throw new Error('hostile proxy');
  };
  const handler = Object.fromEntries(
    Object.getOwnPropertyNames(Reflect).map((trap) => [trap, refuse]),
  );
  return new Proxy({}, handler);
};

const withGetters = () => {
  const names = ['message', 'stack', 'name', 'code', 'status', 'statusCode', 'constructor'];
  const get = () => {
    throw new Error('hostile getter');
  };
  const getters = ['then', 'headers', 'raw', 'scopes', 'issuer', 'anyOf', 'toString', 'toJSON'];
  return Object.defineProperties(
    {},
    Object.fromEntries(
      [...names, ...getters, Symbol.toPrimitive, Symbol.toStringTag, inspect.custom].map((name) => [
        name,
        { get, enumerable: true },
      ]),
    ),
  );
};

/** The values that a function throws, and what the log shows of them. */
const thrown: [name: string, value: () => unknown, shown: RegExp][] = [
  ['an Error', () => new Error('boom'), /Error: boom|threw: boom/],
  ['an Error of an HTTP client', () => Object.assign(new Error('boom'), { status: 200 }), /boom/],
  ['a string', () => 'boom', /'boom'/],
  ['a number', () => 200, /cause\]: '200'|threw: 200/],
  ['a symbol', () => Symbol('boom'), /Symbol\(boom\)/],
  ['undefined', () => undefined, /cause\]: 'undefined'|threw: undefined/],
  ['null', () => null, /cause\]: 'null'|threw: null/],
  ['a function', () => () => ({ statusCode: 200 }), /\[Function/],
  ['an object that looks like an answer', () => ({ statusCode: 403, message: 'no' }), /403/],
  ['a frozen object', () => Object.freeze({ a: 'boom' }), /boom/],
  [
    'an object without prototype',
    () => Object.assign(Object.create(null) as object, { a: 1 }),
    /a: 1/,
  ],
  ['an object with hostile getters', withGetters, /cannot be shown|Getter/],
  ['a hostile proxy', hostile, /not an Error|hostile proxy|threw: \{\}/],
];

const throwing = (value: () => unknown) => () => {
  throw value();
};
const rejecting = (value: () => unknown) => async () => throwing(value)();

/** The values that no function is allowed to return. */
const returned: [name: string, value: () => unknown][] = [
  ['null', () => null],
  ['a number', () => 1],
  ['NaN', () => NaN],
  ['a big integer', () => 1n],
  ['a symbol', () => Symbol('x')],
  ['a function', () => () => 'read'],
  ['a date', () => new Date(0)],
  ['a map', () => new Map([['scopes', ['read']]])],
  ['an object of another shape', () => ({ scope: 'read' })],
  ['an array of no strings', () => [1]],
  ['an array without end', () => cyclic()],
  ['a string that is not a scope', () => 'read\r\n'],
  ['an object with hostile getters', withGetters],
  ['a hostile proxy', hostile],
  ['a promise of null', () => Promise.resolve(null)],
  [
    'a thenable that throws',
    () => ({
      then: () => {
        throw new Error('boom');
      },
    }),
  ],
];

function cyclic(): unknown[] {
  const array: unknown[] = [];
  array.push(array);
  return array;
}

describe.each(adapters)('a function of the application, on %s', (adapter) => {
  const issuer = useIssuer();
  let token: Record<string, string>;
  let url: string;

  beforeAll(async () => {
    ({ url } = await startApp({
      adapter,
      options: { ...options(issuer), guard: false },
      controllers: [CallbackController],
      providers: [RequestGuard, LenientGuard],
      nest: { logger, forceCloseConnections: true },
    }));
    const mint = (name: string) => issuer.mint({ audience: at(name), claims: { scope: 'read' } });
    const [jwt, claims] = [await mint('jwt'), await mint('claims')];
    token = { function: 'opaque', class: 'opaque', claims };
    for (const path of ['scopes', 'operation', 'step-up', 'request', 'lenient']) {
      token[path] = jwt;
    }
  });

  beforeEach(() => {
    handled = 0;
    logged = [];
  });

  afterEach(() => {
    fault = undefined;
  });

  const request = (path: string, init: RequestInit = bearer(token[path] ?? '')) =>
    fetch(`${url}/${path}`, {
      ...init,
      ...((path === 'operation' || path === 'step-up') && {
        method: 'POST',
        headers: { ...init.headers, 'content-type': 'application/json' },
        body: JSON.stringify(call('tools/call', { name: 'tool' })),
      }),
    });

  const assertFaulty = async (path: string) => {
    const response = await request(path);
    expect(await response.json()).toEqual({ statusCode: 500, message: 'Internal server error' });
    expect(response.status).toBe(500);
    expect(handled).toBe(0);
  };

  describe.each(callbacks)('$of', ({ of, path, right, assertNotPromise }) => {
    it('is called', async () => {
      expect((await request(path)).status).toBe(right);
      const how = jest.fn(throwing(() => 'x'));
      fault = { of, how };
      await request(path);
      expect(how).toHaveBeenCalled();
    });

    it.each(thrown)(
      'that throws %s is answered 500, and the cause is logged',
      async (_, value, shown) => {
        fault = { of, how: throwing(value) };
        await assertFaulty(path);
        expect(logged.join()).toMatch(shown);
      },
    );

    it.each(thrown)(
      'that rejects with %s is answered 500, and the cause is logged',
      async (_, value, shown) => {
        fault = { of, how: rejecting(value) };
        await assertFaulty(path);
        expect(logged.join()).toMatch(
          assertNotPromise ? /returned a promise|must not return a promise/ : shown,
        );
      },
    );
  });

  describe.each(callbacks.filter(({ path }) => path !== 'lenient'))('$of', ({ of, path }) => {
    it.each(returned.filter(([name]) => !(path === 'claims' && name.includes('string'))))(
      'that returns %s is answered 500, and logged',
      async (_, how) => {
        fault = { of, how };
        await assertFaulty(path);
        expect(logged.join()).toMatch(/Error/);
      },
    );
  });

  describe('isLeftAlone() of a guard', () => {
    it.each(returned)('that returns %s does not skip the guard', async (name, how) => {
      fault = { of: 'isLeftAlone() of a guard', how };
      expect((await request('lenient', {})).status).toBe(name.startsWith('a promise') ? 500 : 401);
      expect(handled).toBe(0);
    });
  });

  describe.each(callbacks.filter(({ assertNotPromise }) => !assertNotPromise))(
    '$of',
    ({ of, path, right }) => {
      it('that never settles delays only its own request', async () => {
        const calls = new EventEmitter();
        const asked = once(calls, 'asked');
        fault = {
          of,
          how: () => {
            calls.emit('asked');
            return new Promise(() => undefined);
          },
        };
        const abandoned = new AbortController();
        const waiting = request(path, { ...bearer(token[path] ?? ''), signal: abandoned.signal });
        await asked;
        fault = undefined;
        expect((await request(path)).status).toBe(right);
        abandoned.abort();
        await expect(waiting).rejects.toThrow('aborted');
      });
    },
  );
});

describe('transformMetadata', () => {
  const issuer = useIssuer();

  afterEach(stopApps);

  /** Checks that the answer is 503: the token is not at fault. */
  const assertUnusable = async (transformMetadata: () => never, shown: RegExp) => {
    logged = [];
    const { url } = await startApp({
      adapter: 'express',
      options: {
        protectedResources: {
          metadata: {
            resource: RESOURCE,
            authorizationServers: [{ issuer: issuer.url, type: 'oidc', transformMetadata }],
          },
        },
        fetchTimeout: 200,
      },
      controllers: [PlainController],
      nest: { logger, forceCloseConnections: true },
    });
    const response = await fetch(`${url}/plain`, bearer(await issuer.mint({ audience: RESOURCE })));
    expect(await response.json()).toMatchObject({ error: 'temporarily_unavailable' });
    expect(logged.join()).toMatch(shown);
  };

  it.each(thrown)(
    'that throws %s makes the metadata unusable, and the log says why',
    (_, value, shown) => assertUnusable(throwing(value), shown),
  );

  it.each(thrown)(
    'that rejects with %s makes the metadata unusable, and the log says why',
    (_, value, shown) => assertUnusable(rejecting(value) as never, shown),
  );

  it.each(returned)(
    'that returns %s makes the metadata unusable, and the log says why',
    (_, value) => assertUnusable(value as never, /another issuer|transformMetadata/),
  );

  it('that never settles is abandoned after fetchTimeout', () =>
    assertUnusable((() => new Promise(() => undefined)) as never, /nothing within 200 ms/));
});
