import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { Controller, Get, type LoggerService } from '@nestjs/common';
import {
  AuthInfo,
  InvalidTokenError,
  JwtTokenVerifier,
  ProtectedResourceRegistry,
  RequireScopes,
  type Claims,
  type ClaimsOptions,
} from 'nestjs-mcp-auth';
import { adapters, bearer, oneResource, RESOURCE, startApp, startFailure } from '../support/app.js';
import type { Issuer } from '../support/issuer.js';
import { useIssuer } from '../support/serve.js';

@Controller('notes')
class NotesController {
  @Get() get(@AuthInfo() { subject, clientId, scopes, audience }: AuthInfo) {
    return { subject, clientId, scopes, audience };
  }

  @Get('admin') @RequireScopes('admin') admin() {
    return {};
  }
}

interface Case {
  name: string;
  options: ClaimsOptions;
  claims: Record<string, unknown>;
  /** The members of the answer that come from the claims. `undefined` if the token is rejected. */
  answer?: Record<string, unknown>;
  /** The status of a rejection: 401 if the token is at fault, 500 if the application is. */
  status?: 401 | 500;
}

const fail = (error: Error) => () => {
  throw error;
};

/** Returns a value of a type that the compiler would not accept. */
const any = (source: unknown) => source as never;

const cases: Case[] = [
  {
    name: 'read scopes from a configured claim only',
    options: { scopes: 'permissions' },
    claims: { permissions: ['a', 'b'], scope: 'admin' },
    answer: { scopes: ['a', 'b'] },
  },
  {
    name: 'give no scopes if the configured claim is absent',
    options: { scopes: 'permissions' },
    claims: { scope: 'admin', scp: 'admin' },
    answer: { scopes: [] },
  },
  {
    name: 'read a claim whose name is a URL',
    options: { scopes: 'https://example.com/a.b' },
    claims: { 'https://example.com/a.b': 'a b' },
    answer: { scopes: ['a', 'b'] },
  },
  {
    name: 'do not read a dot in a name as a path',
    options: { scopes: 'realm_access.roles' },
    claims: { realm_access: { roles: ['admin'] } },
    answer: { scopes: [] },
  },
  {
    name: 'read scopes at a path',
    options: { scopes: ['realm_access', 'roles'] },
    claims: { realm_access: { roles: ['a', 'b'] } },
    answer: { scopes: ['a', 'b'] },
  },
  ...[undefined, null, 'roles', 1, ['roles'], {}].map((parent) => ({
    name: `give no scopes if a path ends at ${JSON.stringify(parent)}`,
    options: { scopes: ['realm_access', 'roles'] },
    claims: { realm_access: parent },
    answer: { scopes: [] },
  })),
  {
    name: 'read client and subject from configured claims',
    options: { clientId: 'appid', subject: ['user', 'id'] },
    claims: { appid: 'app', user: { id: 'bob' } },
    answer: { clientId: 'app', subject: 'bob' },
  },
  {
    name: 'give no subject and no client if the configured claims are absent',
    options: { clientId: 'appid', subject: 'oid' },
    claims: {},
    answer: { clientId: '' },
  },
  {
    name: 'take the values that functions return',
    options: {
      scopes: ({ scp = '', roles = [] }: Claims) => [...String(scp).split(' '), ...(roles as [])],
      clientId: ({ appid, azp }) => (appid ?? azp) as string,
      subject: ({ tid, oid }) => `${String(tid)}/${String(oid)}`,
    },
    claims: { scp: 'a', roles: ['b'], azp: 'app', tid: '1', oid: '2' },
    answer: { scopes: ['a', 'b'], clientId: 'app', subject: '1/2' },
  },
  {
    name: 'take a string of scopes that a function returns',
    options: { scopes: () => 'a  b' },
    claims: {},
    answer: { scopes: ['a', 'b'] },
  },
  {
    name: 'take undefined that functions return as absent',
    options: { scopes: () => undefined, clientId: () => undefined, subject: () => undefined },
    claims: { scope: 'admin' },
    answer: { scopes: [], clientId: '' },
  },
  {
    name: 'read the audience from a configured claim',
    options: { audience: 'resource' },
    claims: { aud: 'https://other.example.com', resource: [RESOURCE] },
    answer: { audience: [RESOURCE] },
  },
  {
    name: 'reject a wrong audience in the configured claim, though aud is right',
    options: { audience: 'resource' },
    claims: { aud: RESOURCE, resource: 'https://other.example.com' },
    status: 401,
  },
  {
    name: 'reject an absent configured audience',
    options: { audience: 'resource' },
    claims: { aud: RESOURCE },
    status: 401,
  },
  {
    name: 'reject an audience that a function does not find',
    options: { audience: () => undefined },
    claims: { aud: RESOURCE },
    status: 401,
  },
  {
    name: 'the audience of another type',
    options: { audience: 'resource' },
    claims: { resource: { [RESOURCE]: true } },
    status: 401,
  },
  {
    name: 'scopes of another type',
    options: { scopes: ['realm_access', 'roles'] },
    claims: { realm_access: { roles: { admin: true } } },
    status: 401,
  },
  {
    name: 'scopes that are null, as if they were absent',
    options: { scopes: ['realm_access', 'roles'] },
    claims: { realm_access: { roles: null } },
    answer: { scopes: [] },
  },
  {
    name: 'an array of scopes that are not all strings',
    options: { scopes: 'roles' },
    claims: { roles: ['a', 1] },
    status: 401,
  },
  {
    name: 'a client of another type',
    options: { clientId: 'appid' },
    claims: { appid: ['app'] },
    status: 401,
  },
  {
    name: 'a subject of another type',
    options: { subject: 'uid' },
    claims: { uid: 1 },
    status: 401,
  },
  {
    name: '1000 scopes',
    options: {},
    claims: { scope: 'a '.repeat(1000) },
    answer: { scopes: Array(1000).fill('a') },
  },
  { name: '1001 scopes', options: {}, claims: { scope: 'a '.repeat(1001) }, status: 401 },
  {
    name: '1001 scopes in an array',
    options: { scopes: 'roles' },
    claims: { roles: Array(1001).fill('a') },
    status: 401,
  },
  {
    name: 'a token that a function refuses',
    options: { scopes: fail(new InvalidTokenError('claim')) },
    claims: {},
    status: 401,
  },
  {
    name: 'a function that throws',
    options: { subject: fail(new Error('boom of alice')) },
    claims: {},
    status: 500,
  },
  ...(['scopes', 'clientId', 'subject', 'audience'] as const).flatMap((member) =>
    [1, null, { a: 1 }, [1], new Set(['admin'])].map((found) => ({
      name: `${member} that a function finds as ${inspect(found)}`,
      options: { [member]: any(() => found) },
      claims: {},
      status: 500 as const,
    })),
  ),
  {
    name: 'a client that a function finds as an array',
    options: { clientId: any(() => ['app']) },
    claims: {},
    status: 500,
  },
  {
    name: 'an asynchronous function',
    options: { scopes: any(() => Promise.resolve('admin')) },
    claims: {},
    status: 500,
  },
  {
    name: 'an asynchronous function that fails, without an end of the process',
    options: { scopes: any(() => Promise.reject(new Error('boom'))) },
    claims: {},
    status: 500,
  },
];

const inherited: [name: string, source: string | string[]][] = [
  ['constructor', 'constructor'],
  ['the name of the constructor', ['constructor', 'name']],
  ['a member of the prototype', ['__proto__', 'toString', 'name']],
  ['the length of an array', ['amr', '0']],
];

describe.each(adapters)('claims, on %s', (adapter) => {
  const issuer = useIssuer();
  const other = useIssuer();
  const logged: unknown[] = [];
  const logger = {
    log: () => undefined,
    warn: () => undefined,
    error: (...args: unknown[]) => logged.push(args),
  } satisfies LoggerService;

  const ask = async (options: ClaimsOptions, claims: Record<string, unknown>, path = 'notes') => {
    const { url } = await startApp({
      adapter,
      options: oneResource(issuer.url, { claims: options }),
      controllers: [NotesController],
      nest: { logger },
    });
    const plain = { client_id: undefined, sub: undefined };
    const token = await issuer.mint({ audience: RESOURCE, claims: { ...plain, ...claims } });
    return fetch(`${url}/${path}`, bearer(token));
  };

  it.each(cases)('$name', async ({ options, claims, answer = {}, status = 200 }) => {
    const response = await ask(options, claims);
    expect(response.status).toBe(status);
    if (status === 200) {
      expect(await response.json()).toMatchObject(answer);
    }
  });

  it.each(inherited)('treat the inherited name %s as an absent claim', async (_, source) => {
    const response = await ask(
      { scopes: source, subject: source, clientId: source },
      { amr: ['x'] },
    );
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ scopes: [], clientId: '' });
  });

  it('treat a claim named __proto__ as a plain claim, and inherit nothing from it', async () => {
    const claims = JSON.parse('{"__proto__":{"scope":"admin"}}') as Record<string, unknown>;
    expect((await ask({}, claims, 'notes/admin')).status).toBe(403);
  });

  it('answer 500 without details, and log the cause, if a function throws', async () => {
    logged.length = 0;
    const response = await ask({ scopes: fail(new Error('boom of alice')) }, {}, 'notes/admin');
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('boom');
    expect(response.headers.get('www-authenticate')).toBeNull();
    expect(logged.flat().map(String).join()).toContain('boom of alice');
  });

  it('are read by the options of their issuer, or by the options of the resource if their issuer has none', async () => {
    const { url } = await startApp({
      adapter,
      options: {
        protectedResources: {
          metadata: {
            resource: RESOURCE,
            authorizationServers: [
              { issuer: issuer.url, claims: { scopes: 'roles', audience: 'for' } },
              other.url,
            ],
          },
          claims: { scopes: 'permissions', clientId: 'app' },
        },
      },
      controllers: [NotesController],
    });
    const claims = { app: 'x', roles: ['role'], permissions: ['permission'] };
    const scopesOf = async (minter: Issuer, more: Record<string, unknown>) => {
      const token = await minter.mint({ claims: { ...claims, ...more } });
      const response = await fetch(`${url}/notes`, bearer(token));
      return response.ok ? response.json() : response.status;
    };
    expect(await scopesOf(issuer, { for: RESOURCE })).toMatchObject({
      scopes: ['role'],
      clientId: 'x',
    });
    expect(await scopesOf(issuer, { aud: RESOURCE })).toBe(401);
    expect(await scopesOf(other, { aud: RESOURCE })).toMatchObject({
      scopes: ['permission'],
      clientId: 'x',
    });
    expect(await scopesOf(other, { for: RESOURCE })).toBe(401);
  });

  it('check an audience of another name also if JwtTokenVerifier is called directly', async () => {
    const { app } = await startApp({
      adapter,
      options: oneResource(issuer.url, { claims: { audience: 'for' } }),
    });
    const resource = app.get(ProtectedResourceRegistry).get(RESOURCE);
    const verify = async (claims: Record<string, unknown>) =>
      app.get(JwtTokenVerifier).verify(await issuer.mint({ claims }), resource as never);
    await expect(verify({ for: RESOURCE })).resolves.toMatchObject({ audience: RESOURCE });
    await expect(verify({ aud: RESOURCE })).rejects.toMatchObject({ reason: 'audience' });
  });

  it('of one issuer can be read differently at two resources', async () => {
    const resource = (name: string) => ({
      metadata: {
        resource: `https://api.example.com/${name}`,
        authorizationServers: [
          { issuer: issuer.url, claims: { scopes: ['resource_access', name, 'roles'] } },
        ],
      },
    });
    const failure = await startFailure({
      options: { protectedResources: [resource('notes'), resource('todos')], guard: false },
    });
    expect(failure).toBeUndefined();
  });
});

describe('invalid claims options stop the start', () => {
  const REMEDY =
    "must be the name of a claim, a path of member names such as ['realm_access', 'roles'], or a function of the claims";

  it.each([[''], [1], [null], [[]], [['a', '']], [['a', 1]], [Array(11).fill('a')], [{}]])(
    '%j',
    async (source) => {
      const options = oneResource('https://auth.example.com', { claims: { scopes: any(source) } });
      const failure = await startFailure({ options });
      expect(failure?.message).toContain(`protectedResources.claims.scopes ${REMEDY}`);
    },
  );

  it('at an authorization server', async () => {
    const options = {
      protectedResources: {
        metadata: {
          resource: RESOURCE,
          authorizationServers: [{ issuer: 'https://auth.example.com', claims: { scope: 'x' } }],
        },
      },
    };
    const failure = await startFailure({ options: any(options) });
    expect(failure?.message).toContain(
      'protectedResources.metadata.authorizationServers[0].claims.scope is not an option; did you mean "scopes"?',
    );
  });

  it('inside metadata', async () => {
    const { protectedResources } = oneResource('https://auth.example.com');
    const options = {
      protectedResources: {
        metadata: { ...[protectedResources].flat()[0]?.metadata, claims: { scopes: 'x' } },
      },
    };
    const failure = await startFailure({ options: any(options) });
    expect(failure?.message).toContain(
      'protectedResources.metadata.claims is an option of the protected resource',
    );
  });
});
