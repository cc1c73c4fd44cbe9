import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Injectable, Module } from '@nestjs/common';
import type { TestingModuleBuilder } from '@nestjs/testing';
import {
  AccessTokenVerifier,
  AuthInfo,
  AuthorizationServerUnavailableError,
  InvalidTokenError,
  ProtectedResourceRegistry,
  RequireScopes,
  Resource,
  TokenRevocations,
  TokenVerifier,
  type ProtectedResourceOptions,
  type TokenVerificationContext,
  type VerifiedToken,
  type VerifyToken,
} from 'nestjs-mcp-auth';
import { adapters, bearer, oneResource, RESOURCE, startApp, stopApps } from '../support/app.js';
import { Issuer } from '../support/issuer.js';

const ISSUER = 'https://auth.example.com';

@Controller('notes')
class NotesController {
  @Get() @RequireScopes('read') get(@AuthInfo() { subject, extra, expiresAt }: AuthInfo) {
    return { subject, extra, expiresAt: expiresAt ?? null };
  }
}

const good: VerifiedToken = {
  issuer: ISSUER,
  audience: RESOURCE,
  subject: 'alice',
  scopes: ['read'],
  extra: { plan: 'pro' },
};
const past = 1;
const future = Math.floor(Date.now() / 1000) + 300;

afterEach(stopApps);

describe.each(adapters)('the application’s own verifier, on %s', (adapter) => {
  const call = async (tokenVerifier: VerifyToken) => {
    const { url } = await startApp({
      adapter,
      options: oneResource(ISSUER, { tokenVerifier }),
      controllers: [NotesController],
    });
    return fetch(`${url}/notes`, bearer('opaque-1'));
  };

  it.each<[string, VerifyToken, number]>([
    ['returns a valid token', () => good, 200],
    [
      'returns a valid token asynchronously',
      () => Promise.resolve({ ...good, expiresAt: future }),
      200,
    ],
    [
      'returns several audiences, one of which is right',
      () => ({ ...good, audience: ['x', RESOURCE] }),
      200,
    ],
    ['returns another issuer', () => ({ ...good, issuer: 'https://evil.example.com' }), 401],
    ['returns another audience', () => ({ ...good, audience: 'https://other.example.com' }), 401],
    ['returns no audience', () => ({ ...good, audience: undefined }), 401],
    ['returns an expiresAt in the past', () => ({ ...good, expiresAt: past }), 401],
    [
      'returns an expiresAt that is a string',
      () => ({ ...good, expiresAt: String(future) as never }),
      401,
    ],
    ['returns an infinite expiresAt', () => ({ ...good, expiresAt: Infinity }), 401],
    ['returns NaN as expiresAt', () => ({ ...good, expiresAt: NaN }), 401],
    ['returns fewer scopes', () => ({ ...good, scopes: [] }), 403],
    ['returns no scopes', () => ({ ...good, scopes: undefined }), 403],
    [
      'throws InvalidTokenError',
      () => {
        throw new InvalidTokenError();
      },
      401,
    ],
    ['rejects with InvalidTokenError', () => Promise.reject(new InvalidTokenError('expired')), 401],
    [
      'throws AuthorizationServerUnavailableError',
      () => {
        throw new AuthorizationServerUnavailableError('down', 6.5);
      },
      503,
    ],
    [
      'throws anything else',
      () => {
        throw new Error('secret detail');
      },
      500,
    ],
    ['returns nothing', () => undefined as never, 500],
    ['returns scopes as a string', () => ({ ...good, scopes: 'read' }) as never, 500],
    ['returns scopes that are not strings', () => ({ ...good, scopes: [1] }) as never, 500],
    ['returns claims as JSON text', () => ({ ...good, claims: '{"cnf":{}}' }) as never, 500],
    ['returns an audience that is a number', () => ({ ...good, audience: 1 }) as never, 500],
  ])('that %s leads to the expected status', async (_, verifier, status) => {
    const response = await call(verifier);
    const body = await response.text();
    expect(response.status).toBe(status);
    expect(body).not.toContain('secret detail');
    expect(response.headers.get('retry-after')).toBe(status === 503 ? '7' : null);
  });

  it.each<[string, Partial<VerifiedToken>, string]>([
    [
      'another issuer',
      { issuer: 'https://evil.example.com' },
      'The access token was issued by an authorization server that is not trusted.',
    ],
    ['another audience', { audience: 'x' }, 'The access token is not meant for this resource.'],
    ['no audience', { audience: undefined }, 'The access token is not meant for this resource.'],
    ['an expiresAt in the past', { expiresAt: past }, 'The access token expired.'],
    [
      'an infinite expiresAt',
      { expiresAt: Infinity },
      'A claim of the access token is missing or malformed.',
    ],
  ])(
    'that returns %s leads to a rejection that tells the client the reason',
    async (_, found, description) => {
      const response = await call(() => ({ ...good, ...found }));
      expect(await response.json()).toEqual({
        error: 'invalid_token',
        error_description: description,
      });
    },
  );

  it('is called with the token and the resource, and may return extra members', async () => {
    let given: [string, TokenVerificationContext] | undefined;
    const response = await call((token, context) => {
      given = [token, context];
      return good;
    });
    expect(await response.json()).toEqual({
      subject: 'alice',
      extra: { plan: 'pro' },
      expiresAt: null,
    });
    expect(given).toMatchObject([
      'opaque-1',
      { resource: RESOURCE, issuers: [ISSUER], audiences: [RESOURCE] },
    ]);
  });
});

describe.each(adapters)('a verifier by which a test overrides the provider, on %s', (adapter) => {
  const alice: VerifiedToken = { issuer: ISSUER, subject: 'alice' };
  const withRead = { ...alice, scopes: ['read'] };
  class FakeVerifier extends TokenVerifier {
    override verify(): VerifiedToken {
      return withRead;
    }
  }
  const start = (
    override: (builder: TestingModuleBuilder) => TestingModuleBuilder,
    more: Partial<ProtectedResourceOptions> = {},
  ) =>
    startApp({
      adapter,
      options: oneResource(ISSUER, more),
      controllers: [NotesController],
      override,
    });
  const answer = async (verify: unknown, more: Partial<ProtectedResourceOptions> = {}) => {
    const { url } = await start(
      (builder) => builder.overrideProvider(TokenVerifier).useValue({ verify }),
      more,
    );
    return fetch(`${url}/notes`, bearer('alice'));
  };

  it.each<[string, (builder: TestingModuleBuilder) => TestingModuleBuilder]>([
    [
      'TokenVerifier, a value',
      (b) => b.overrideProvider(TokenVerifier).useValue({ verify: () => withRead }),
    ],
    ['TokenVerifier, a class', (b) => b.overrideProvider(TokenVerifier).useClass(FakeVerifier)],
    [
      'TokenVerifier, a factory',
      (b) => b.overrideProvider(TokenVerifier).useFactory({ factory: () => new FakeVerifier() }),
    ],
    [
      'AccessTokenVerifier, a value',
      (b) => b.overrideProvider(AccessTokenVerifier).useValue({ verify: async () => withRead }),
    ],
    [
      'AccessTokenVerifier, a class',
      (b) => b.overrideProvider(AccessTokenVerifier).useClass(FakeVerifier),
    ],
  ])('is called: %s', async (_, override) => {
    const { url } = await start(override);
    for (const attempt of [1, 2]) {
      const response = await fetch(`${url}/notes`, bearer('alice'));
      expect([attempt, response.status]).toEqual([attempt, 200]);
      expect(await response.json()).toEqual({ subject: 'alice', extra: {}, expiresAt: null });
    }
    expect((await fetch(`${url}/notes`)).status).toBe(401);
  });

  it.each<[string, () => unknown, number]>([
    [
      'an expired token for another audience, which is accepted',
      () => ({ ...withRead, audience: 'x', expiresAt: 1 }),
      200,
    ],
    ['a token without the scope', () => alice, 403],
    [
      'InvalidTokenError thrown',
      () => {
        throw new InvalidTokenError();
      },
      401,
    ],
    ['InvalidTokenError rejected', () => Promise.reject(new InvalidTokenError()), 401],
    [
      'AuthorizationServerUnavailableError',
      () => Promise.reject(new AuthorizationServerUnavailableError('down', 1)),
      503,
    ],
    ['undefined', () => undefined, 500],
    ['scopes as a string', () => ({ ...alice, scopes: 'read' }), 500],
    ['any other error', () => Promise.reject(new Error('oops')), 500],
  ])('leads to the same answer as in production for %s', async (_, verify, status) => {
    expect((await answer(verify)).status).toBe(status);
  });

  it('stops the start if it has no function "verify"', async () => {
    const starting = start((builder) => builder.overrideProvider(TokenVerifier).useValue({}));
    await expect(starting).rejects.toThrow(/must have a function "verify"/);
  });

  it('works with the scope hierarchy', async () => {
    const response = await answer(() => ({ ...alice, scopes: ['all'] }), {
      scopeHierarchy: { all: ['read'] },
    });
    expect(response.status).toBe(200);
  });

  it('works with revocation', async () => {
    const { url, app } = await start((builder) =>
      builder
        .overrideProvider(TokenVerifier)
        .useValue({ verify: () => ({ ...withRead, claims: { jti: 'one' } }) }),
    );
    await app.get(TokenRevocations).revokeToken({ issuer: ISSUER, jti: 'one' });
    expect((await fetch(`${url}/notes`, bearer('alice'))).status).toBe(401);
  });

  it('does not have its result frozen', async () => {
    const claims = {};
    await answer(() => ({ ...withRead, claims }));
    expect(Object.isFrozen(claims)).toBe(false);
  });
});

describe('a verifier class', () => {
  @Injectable()
  class Sessions {
    readonly subject = 'carol';
  }

  @Injectable()
  class SessionVerifier extends TokenVerifier {
    constructor(private readonly sessions: Sessions) {
      super();
    }

    override verify(): VerifiedToken {
      return { ...good, subject: this.sessions.subject };
    }
  }

  @Module({ providers: [Sessions, SessionVerifier], exports: [Sessions] })
  class SessionModule {}

  @Injectable()
  class PlainVerifier extends TokenVerifier {
    override verify(): VerifiedToken {
      return { ...good, subject: 'dave' };
    }
  }

  it.each([
    ['that is a provider of any module', SessionVerifier, 'carol'],
    ['that is not a provider', PlainVerifier, 'dave'],
  ])('%s is instantiated with its dependencies', async (_, tokenVerifier, subject) => {
    const { url } = await startApp({
      adapter: 'express',
      options: oneResource(ISSUER, { tokenVerifier }),
      imports: [SessionModule],
      controllers: [NotesController],
    });
    expect(await (await fetch(`${url}/notes`, bearer('x'))).json()).toMatchObject({ subject });
  });
});

describe('the option audience accepts or rejects', () => {
  it.each([
    ['a configured audience', { audience: 'api://notes' }, 'api://notes', 200],
    ['one of several audiences', { audience: ['a', 'b'] }, 'b', 200],
    [
      'the resource, which is not a configured audience',
      { audience: 'api://notes' },
      RESOURCE,
      401,
    ],
    [
      'any audience with dangerouslySkipAudienceCheck',
      { dangerouslySkipAudienceCheck: true },
      'x',
      200,
    ],
    [
      'no audience with dangerouslySkipAudienceCheck',
      { dangerouslySkipAudienceCheck: true },
      undefined,
      200,
    ],
  ])('%s', async (_, options, audience, status) => {
    const issuer = await Issuer.start();
    const { url } = await startApp({
      adapter: 'express',
      options: oneResource(issuer.url, options),
      controllers: [NotesController],
    });
    const token = await issuer.mint({ audience, claims: { scope: 'read' } });
    expect((await fetch(`${url}/notes`, bearer(token))).status).toBe(status);
    await issuer.down();
  });
});

describe.each(adapters)('several resources, on %s', (adapter) => {
  @Controller('a')
  @Resource('https://api.example.com/a')
  class AController {
    @Get() get(@AuthInfo() { resource, resourceMetadataUrl }: AuthInfo) {
      return { resource, resourceMetadataUrl };
    }

    @Get('b') @Resource('https://api.example.com/b') b() {
      return {};
    }
  }

  @Controller('origin')
  @Resource('https://api.example.com/')
  class OriginController {
    @Get() get() {
      return {};
    }
  }

  it('each accept only tokens of their own issuer for their own audience', async () => {
    const [a, b] = await Promise.all([Issuer.start(), Issuer.start()]);
    const named = (resource: string, issuer: Issuer) => ({
      metadata: { resource, authorizationServers: [issuer.url] },
    });
    const { url, app } = await startApp({
      adapter,
      options: {
        protectedResources: [
          named('https://api.example.com/a', a),
          named('https://api.example.com/b', b),
          named('https://api.example.com', a),
        ],
      },
      controllers: [AController, OriginController],
    });
    const status = async (path: string, issuer: Issuer, audience: string) =>
      (await fetch(`${url}/${path}`, bearer(await issuer.mint({ audience })))).status;

    expect(await status('a', a, 'https://api.example.com/a')).toBe(200);
    expect(await status('a', b, 'https://api.example.com/a')).toBe(401);
    expect(await status('a', a, 'https://api.example.com/b')).toBe(401);
    expect(await status('a/b', b, 'https://api.example.com/b')).toBe(200);
    expect(await status('a/b', a, 'https://api.example.com/a')).toBe(401);
    expect(await status('origin', a, 'https://api.example.com')).toBe(200);
    expect(await status('origin', a, 'https://api.example.com/')).toBe(200);
    expect(await status('origin', a, 'https://api.example.com/a')).toBe(401);

    const challenge = (await fetch(`${url}/a/b`)).headers.get('www-authenticate');
    expect(challenge).toBe(
      'Bearer resource_metadata="https://api.example.com/.well-known/oauth-protected-resource/b"',
    );
    const registry = app.get(ProtectedResourceRegistry);
    expect(registry.all.map(({ resource }) => resource)).toHaveLength(3);
    expect(registry.get('https://api.example.com/')?.resource).toBe('https://api.example.com');
    expect(registry.get('nonsense')).toBeUndefined();
    await Promise.all([a.down(), b.down()]);
  });
});

describe('the injectable TokenVerifier', () => {
  it('verifies a token that came by another way than HTTP', async () => {
    const issuer = await Issuer.start();
    const { app } = await startApp({ adapter: 'express', options: oneResource(issuer.url) });
    const resource = app.get(ProtectedResourceRegistry).all[0];
    const verifier = app.get(TokenVerifier);
    const token = await issuer.mint({ audience: RESOURCE });
    expect(await verifier.verify(token, resource as never)).toMatchObject({ subject: 'alice' });
    await expect(verifier.verify('x', resource as never)).rejects.toThrow(InvalidTokenError);
    await issuer.down();
  });
});
