import { beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Post } from '@nestjs/common';
import {
  AuthInfo,
  McpAuthConfigurationError,
  OptionalAuth,
  TokenRevocations,
  type ProtectedResourceOptions,
  type RevokedSubject,
  type RevokedToken,
} from 'nestjs-mcp-auth';
import {
  adapters,
  bearer,
  oneResource,
  RESOURCE,
  startApp,
  type RunningApp,
} from '../support/app.js';
import { json } from '../support/issuer.js';
import { useIssuer } from '../support/serve.js';

@Controller('notes')
class NotesController {
  constructor(
    private readonly revocations: TokenRevocations,
    private readonly caller: AuthInfo,
  ) {}

  @Get() get() {
    return 'notes';
  }

  @OptionalAuth()
  @Post('log-out')
  async logOut(@AuthInfo() caller: AuthInfo) {
    await this.revocations.revoke(caller);
  }

  @Post('log-out-injected') async logOutInjected() {
    await this.revocations.revoke(this.caller);
  }
}

/** The order of the curve P-256. */
const ORDER = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');

/** Returns the token with the second valid ECDSA signature of the same claims, which anybody can compute. */
function spelledAnew(token: string): string {
  const end = token.lastIndexOf('.') + 1;
  const signature = Buffer.from(token.slice(end), 'base64url');
  const s = ORDER - BigInt(`0x${signature.subarray(32).toString('hex')}`);
  const other = Buffer.from(s.toString(16).padStart(64, '0'), 'hex');
  return (
    token.slice(0, end) + Buffer.concat([signature.subarray(0, 32), other]).toString('base64url')
  );
}

describe.each(adapters)('log-out by the caller, on %s', (adapter) => {
  const issuer = useIssuer({ per: 'test' });
  let running: RunningApp;

  const start = async (resource: Partial<ProtectedResourceOptions> = {}) => {
    const options = oneResource(issuer.url, resource);
    running = await startApp({ adapter, options, controllers: [NotesController] });
  };
  const call = async (token: string, path = 'notes', method = 'GET') =>
    (await fetch(`${running.url}/${path}`, { ...bearer(token), method })).status;
  const mint = async (claims: Record<string, unknown>) =>
    issuer.mint({ audience: RESOURCE, claims });

  it.each<[string, Record<string, unknown>]>([
    ['with a jti', { jti: 'a' }],
    ['without jti', {}],
    ['with an empty jti', { jti: '' }],
    ['with a jti that is not a string', { jti: 5 }],
    ['without sub', { sub: undefined }],
  ])('revokes a token %s, and no other', async (_, claims) => {
    await start();
    const [token, injected] = [await mint(claims), await mint({ ...claims, other: true })];
    const third = await mint({ ...claims, jti: 'third', other: 3 });
    expect([await call(token), await call(injected), await call(third)]).toEqual([200, 200, 200]);
    expect(await call(token, 'notes/log-out', 'POST')).toBe(201);
    expect([await call(token), await call(third)]).toEqual([401, 200]);
    if (claims.jti !== 'a') {
      expect(await call(injected, 'notes/log-out-injected', 'POST')).toBe(201);
    }
    expect([await call(token), await call(injected), await call(third)]).toEqual([401, 401, 200]);
  });

  it('revokes a token without jti in each encoding of its signature', async () => {
    await start();
    const token = await mint({});
    expect(await call(spelledAnew(token))).toBe(200);
    expect(await call(token, 'notes/log-out', 'POST')).toBe(201);
    expect([await call(token), await call(spelledAnew(token))]).toEqual([401, 401]);
  });

  it('revokes an opaque token without jti', async () => {
    issuer.metadata = { introspection_endpoint: `${issuer.url}/introspect` };
    issuer.answer('/introspect', (_, response) =>
      json(response, { active: true, aud: RESOURCE, sub: 'alice' }),
    );
    const introspection = { clientId: 'notes', clientSecret: 'made-up' };
    const authorizationServers = [{ issuer: issuer.url, introspection }];
    await start({ metadata: { resource: RESOURCE, authorizationServers } });
    expect([await call('one'), await call('other')]).toEqual([200, 200]);
    expect(await call('one', 'notes/log-out', 'POST')).toBe(201);
    expect([await call('one'), await call('other')]).toEqual([401, 200]);
  });

  it('revokes a token that the application’s own verifier accepts', async () => {
    await start({ tokenVerifier: () => ({ issuer: issuer.url, audience: RESOURCE }) });
    expect(await call('one', 'notes/log-out', 'POST')).toBe(201);
    expect([await call('one'), await call('other')]).toEqual([401, 200]);
  });

  it('throws if there is no caller', async () => {
    await start();
    const { status } = await fetch(`${running.url}/notes/log-out`, { method: 'POST' });
    expect(status).toBe(500);
  });
});

describe('input that identifies no token to revoke', () => {
  const issuer = useIssuer();
  let revocations: TokenRevocations;

  beforeAll(async () => {
    const authorizationServers = [issuer.url, () => undefined];
    const options = oneResource(issuer.url, {
      metadata: { resource: RESOURCE, authorizationServers },
    });
    const { app } = await startApp({ adapter: 'express', options, controllers: [NotesController] });
    revocations = app.get(TokenRevocations);
  });

  it.each([
    undefined,
    null,
    {},
    'token',
    { token: 'a' },
    { token: '', claims: {} },
    { claims: {} },
  ])('is rejected: the caller %j', async (caller) => {
    const revoked = revocations.revoke(caller as AuthInfo);
    await expect(revoked).rejects.toThrow(McpAuthConfigurationError);
    await expect(revoked).rejects.toThrow('revoke() takes the AuthInfo');
  });

  it.each([
    [String(undefined), 'is "undefined", the result of String() for a value that is missing'],
    ['[object Object]', 'is "[object Object]", the result of String()'],
    [undefined, 'given: undefined'],
    [null, 'given: null'],
    ['', 'given: an empty string'],
    [5, 'given: number'],
  ])('is rejected: the jti, subject or issuer %j', async (value, message) => {
    const given = { issuer: issuer.url, jti: value, subject: value };
    const token = revocations.revokeToken(given as RevokedToken);
    await expect(token).rejects.toThrow(message);
    await expect(token).rejects.toThrow('revoke(authInfo)');
    await expect(revocations.revokeSubject(given as RevokedSubject)).rejects.toThrow(message);
    const issued = { issuer: value, jti: 'a' } as RevokedToken;
    await expect(revocations.revokeToken(issued)).rejects.toThrow(message);
  });
});
