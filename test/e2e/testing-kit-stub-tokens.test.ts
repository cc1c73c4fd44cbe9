import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Post } from '@nestjs/common';
import {
  AuthInfo,
  RequireClaims,
  RequireScopes,
  TokenRevocations,
  TokenVerifier,
  type ProtectedResourceOptions,
} from 'nestjs-mcp-auth';
import { stubTokens, type StubToken } from 'nestjs-mcp-auth/testing';
import { adapters, bearer, oneResource, RESOURCE, startApp, stopApps } from '../support/app.js';

const ISSUER = 'https://auth.example.com';

@Controller('notes')
class NotesController {
  constructor(private readonly revocations: TokenRevocations) {}

  @Get() @RequireScopes('read:notes') list(@AuthInfo() caller: AuthInfo) {
    return { ...caller, expiresAt: caller.expiresAt ?? null, resource: caller.resource.href };
  }

  @Get('admin') @RequireClaims({ role: 'admin' }) admin() {
    return {};
  }

  @Post('log-out') async logOut(@AuthInfo() caller: AuthInfo) {
    await this.revocations.revoke(caller);
  }
}

afterEach(stopApps);

describe.each(adapters)('stubTokens, on %s', (adapter) => {
  const start = async (
    tokens: Record<string, StubToken>,
    resource: Partial<ProtectedResourceOptions> = {},
  ) => {
    const { url } = await startApp({
      adapter,
      options: oneResource(ISSUER, resource),
      controllers: [NotesController],
      override: (builder) => builder.overrideProvider(TokenVerifier).useValue(stubTokens(tokens)),
    });
    return async (token: string, path = '/notes', method = 'GET') =>
      fetch(url + path, { method, ...bearer(token) });
  };

  it('accepts the name of a token as a token of the issuer for the resource', async () => {
    const ask = await start({ alice: { scopes: ['read:notes'] } });
    const response = await ask('alice');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      issuer: ISSUER,
      audience: RESOURCE,
      subject: 'alice',
      clientId: 'test-client',
      scopes: ['read:notes'],
      expiresAt: null,
      resource: RESOURCE,
      resourceMetadataUrl: 'https://api.example.com/.well-known/oauth-protected-resource/notes',
      claims: {
        iss: ISSUER,
        aud: RESOURCE,
        sub: 'alice',
        client_id: 'test-client',
        scope: 'read:notes',
      },
      extra: {},
    });
  });

  it('passes on the members of a token, and its claims replace the claims made from them', async () => {
    const expiresAt = Math.floor(Date.now() / 1000) + 60;
    const ask = await start({
      ci: {
        subject: undefined,
        clientId: 'ci',
        issuer: 'https://other.example.com',
        scopes: ['read:notes'],
        expiresAt,
        claims: { client_id: 'as claimed', role: 'robot' },
        extra: { plan: 'pro' },
      },
    });
    expect(await (await ask('ci')).json()).toMatchObject({
      issuer: 'https://other.example.com',
      clientId: 'ci',
      expiresAt,
      claims: { client_id: 'as claimed', role: 'robot', exp: expiresAt },
      extra: { plan: 'pro' },
    });
  });

  it.each(['mallory', 'Alice', 'alice.', 'constructor', '__proto__', 'toString'])(
    'answers the token %s, which it does not have, with 401 and a challenge',
    async (token) => {
      const ask = await start({ alice: {} });
      const response = await ask(token);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toMatch(
        /^Bearer error="invalid_token", .*resource_metadata="https:.*", scope="read:notes"$/,
      );
    },
  );

  it('answers with a challenge for the scopes that a token lacks', async () => {
    const ask = await start({ bob: {} });
    const response = await ask('bob');
    expect(response.status).toBe(403);
    expect(response.headers.get('www-authenticate')).toContain('error="insufficient_scope"');
  });

  it('checks conditions against the claims', async () => {
    const ask = await start({ alice: { claims: { role: 'admin' } }, bob: {} });
    expect((await ask('alice', '/notes/admin')).status).toBe(200);
    expect((await ask('bob', '/notes/admin')).status).toBe(403);
  });

  it.each<[string, StubToken, string]>([
    ['that expired', { expiresAt: 1 }, 'The access token expired.'],
    [
      'for another resource',
      { audience: 'https://other.example.com' },
      'The access token is not meant for this resource.',
    ],
    [
      'that is bound to a key',
      { claims: { cnf: { jkt: 'thumbprint' } } },
      'The access token is bound to a key, but the request does not prove possession of it.',
    ],
  ])('rejects a token %s, as in production', async (_, token, description) => {
    const ask = await start({ alice: { scopes: ['read:notes'], ...token } });
    const response = await ask('alice');
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error_description: description });
  });

  it('rejects a token once it is revoked', async () => {
    const ask = await start({ alice: { scopes: ['read:notes'] }, bob: { scopes: ['read:notes'] } });
    expect((await ask('alice', '/notes/log-out', 'POST')).status).toBe(201);
    expect((await ask('alice')).status).toBe(401);
    expect((await ask('bob')).status).toBe(200);
  });

  it.each<[string, Partial<ProtectedResourceOptions>, object]>([
    [
      'whose issuers come from a resolver',
      {
        metadata: { resource: RESOURCE, authorizationServers: () => undefined },
        publishedIssuers: [ISSUER],
      },
      { issuer: ISSUER, audience: RESOURCE },
    ],
    [
      'with configured audiences',
      { audience: ['api://notes', RESOURCE] },
      { issuer: ISSUER, audience: 'api://notes' },
    ],
    ['that checks no audience', { dangerouslySkipAudienceCheck: true }, { issuer: ISSUER }],
  ])('fits a resource %s', async (_, resource, caller) => {
    const ask = await start({ alice: { scopes: ['read:notes'] } }, resource);
    expect(await (await ask('alice')).json()).toMatchObject(caller);
  });
});
