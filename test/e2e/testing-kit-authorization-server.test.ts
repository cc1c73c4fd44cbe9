import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import {
  AuthInfo,
  InvalidTokenError,
  RequireScopes,
  type IntrospectionOptions,
  type InvalidTokenReason,
  type ProtectedResourceOptions,
} from 'nestjs-mcp-auth';
import {
  BAD_TOKENS,
  createDpopKey,
  createTestAuthorizationServer,
  type BadToken,
  type TestAuthorizationServer,
} from 'nestjs-mcp-auth/testing';
import { adapters, bearer, oneResource, RESOURCE, startApp, stopApps } from '../support/app.js';
import { derOf, WRITERS } from '../support/forwarded-certificate.js';
import { SELF_SIGNED, OTHER_SELF_SIGNED } from '../support/self-signed.js';

const CLIENT = { clientId: 'notes-api', clientSecret: 'a secret: of the client' };
/** Introspection without a cache. */
const INTROSPECTION = { ...CLIENT, cacheTtl: 0 };

const REASONS: Record<BadToken, InvalidTokenReason> = {
  algNone: 'algorithm',
  badSignature: 'signature',
  expired: 'expired',
  hmacWithPublicKey: 'algorithm',
  idToken: 'type',
  malformed: 'malformed',
  noAudience: 'audience',
  noExpiry: 'claim',
  notYetValid: 'not_yet_valid',
  otherKey: 'signature',
  unknownKey: 'signature',
  wrongAudience: 'audience',
  wrongIssuer: 'issuer',
  wrongType: 'type',
};

@Controller('notes')
class NotesController {
  @Get() @RequireScopes('read:notes') list(@AuthInfo() { subject, clientId, scopes }: AuthInfo) {
    return { subject: subject ?? null, clientId, scopes };
  }
}

describe.each(adapters)('the test authorization server, on %s', (adapter) => {
  let server: TestAuthorizationServer;

  beforeEach(async () => {
    server = await createTestAuthorizationServer({ audience: RESOURCE });
  });

  afterEach(async () => {
    await stopApps();
    await server.close();
  });

  /** Starts an application that trusts the server. */
  const start = async (
    resource: Partial<ProtectedResourceOptions> = {},
    introspection?: IntrospectionOptions,
  ) => {
    const servers = [{ issuer: server.issuer, introspection }];
    const metadata = { resource: RESOURCE, authorizationServers: servers };
    const { url } = await startApp({
      adapter,
      options: oneResource(server.issuer, { metadata, ...resource }),
      controllers: [NotesController],
    });
    return async (headers: Record<string, string>) => fetch(`${url}/notes`, { headers });
  };

  const readsNotes = { scopes: ['read:notes'] };

  it('issues tokens that the application accepts', async () => {
    const ask = await start();
    const token = await server.mint({ subject: 'bob', clientId: 'inspector', ...readsNotes });
    const response = await ask(bearer(token).headers);
    expect(await response.json()).toEqual({
      subject: 'bob',
      clientId: 'inspector',
      scopes: ['read:notes'],
    });
    expect(server.requests).toContain('GET /.well-known/oauth-authorization-server');
    expect(server.requests).toContain('GET /jwks');
  });

  it('issues tokens of a client without a user', async () => {
    const ask = await start();
    const token = await server.mint({ subject: undefined, ...readsNotes });
    expect(await (await ask(bearer(token).headers)).json()).toMatchObject({ subject: null });
  });

  it.each(BAD_TOKENS)(
    'makes a token (%s) that is rejected for exactly this reason',
    async (name) => {
      const ask = await start();
      const response = await ask(bearer(await server.bad(name, readsNotes)).headers);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"');
      expect(await response.json()).toMatchObject({
        error_description: new InvalidTokenError(REASONS[name]).message,
      });
    },
  );

  it('makes tokens that lack a scope', async () => {
    const ask = await start();
    expect((await ask(bearer(await server.mint()).headers)).status).toBe(403);
  });

  it.each(['RS256', 'PS256', 'ES384', 'EdDSA'])('signs with %s', async (algorithm) => {
    await server.close();
    server = await createTestAuthorizationServer({ audience: RESOURCE, algorithm });
    const ask = await start({ jwt: { algorithms: [algorithm as 'RS256'] } });
    expect((await ask(bearer(await server.mint(readsNotes)).headers)).status).toBe(200);
  });

  it('answers introspection about opaque tokens, until they are revoked or expire', async () => {
    const ask = await start({}, INTROSPECTION);
    const token = await server.mint({ format: 'opaque', ...readsNotes });
    expect(token).not.toContain('.');
    expect((await ask(bearer(token).headers)).status).toBe(200);
    server.revoke(token);
    expect((await ask(bearer(token).headers)).status).toBe(401);
    const expired = await server.mint({ format: 'opaque', expiresIn: -1, ...readsNotes });
    expect((await ask(bearer(expired).headers)).status).toBe(401);
    expect((await ask(bearer('unknown').headers)).status).toBe(401);
    expect(server.requests).not.toContain('GET /jwks');
  });

  it.each<[string, typeof CLIENT, 'client_secret_basic' | 'client_secret_post', number]>([
    ['accepts the client', CLIENT, 'client_secret_basic', 200],
    ['accepts the client', CLIENT, 'client_secret_post', 200],
    ['rejects another client id', { ...CLIENT, clientId: 'other' }, 'client_secret_basic', 503],
    ['rejects another secret', { ...CLIENT, clientSecret: 'other' }, 'client_secret_post', 503],
  ])('%s of introspection', async (_, client, method, status) => {
    await server.close();
    server = await createTestAuthorizationServer({
      audience: RESOURCE,
      introspectionClient: CLIENT,
    });
    const ask = await start({}, { ...client, method });
    const token = await server.mint({ format: 'opaque', ...readsNotes });
    expect((await ask(bearer(token).headers)).status).toBe(status);
  });

  it.each(['jwt', 'opaque'] as const)('binds a token (%s) to a DPoP key', async (format) => {
    const introspection = format === 'opaque' ? INTROSPECTION : undefined;
    const ask = await start({ dpop: 'accepted' }, introspection);
    const key = await createDpopKey();
    const token = await server.mint({ dpopKey: key, format, ...readsNotes });
    const authorization = `DPoP ${token}`;
    const dpop = await key.proof(token, { url: `${RESOURCE}?page=2` });
    expect((await ask({ authorization, dpop })).status).toBe(200);
    expect((await ask({ authorization, dpop })).status).toBe(401);
    expect((await ask(bearer(token).headers)).status).toBe(401);
    const other = await createDpopKey();
    const foreign = await other.proof(token, { url: RESOURCE });
    expect((await ask({ authorization, dpop: foreign })).status).toBe(401);
    const forPost = await key.proof(token, { url: RESOURCE, method: 'POST' });
    expect((await ask({ authorization, dpop: forPost })).status).toBe(401);
  });

  it('makes proofs with the nonce of the resource', async () => {
    const ask = await start({ dpop: { mode: 'required', nonce: true } });
    const key = await createDpopKey();
    const token = await server.mint({ dpopKey: key, ...readsNotes });
    const authorization = `DPoP ${token}`;
    const first = await ask({ authorization, dpop: await key.proof(token, { url: RESOURCE }) });
    expect(first.status).toBe(401);
    const nonce = first.headers.get('dpop-nonce') ?? '';
    const dpop = await key.proof(token, { url: RESOURCE, nonce });
    expect((await ask({ authorization, dpop })).status).toBe(200);
  });

  it('binds a token to a certificate of the client', async () => {
    const format = 'base64-der';
    const header = 'x-client-cert';
    const ask = await start({
      clientCertificate: { header, format, trustedProxies: ['127.0.0.1'] },
    });
    const token = await server.mint({ certificate: SELF_SIGNED.cert, ...readsNotes });
    const status = async (pem: string) =>
      (await ask({ ...bearer(token).headers, [header]: WRITERS[format](derOf(pem)) })).status;
    expect(await status(SELF_SIGNED.cert)).toBe(200);
    expect(await status(OTHER_SELF_SIGNED.cert)).toBe(401);
  });

  it('rotates its keys: tokens of the old key become invalid', async () => {
    const ask = await start();
    const old = await server.mint(readsNotes);
    expect((await ask(bearer(old).headers)).status).toBe(200);
    await server.rotateKeys();
    const young = await server.mint(readsNotes);
    expect((await ask(bearer(young).headers)).status).toBe(200);
    expect((await ask(bearer(old).headers)).status).toBe(401);
  });

  it('goes down, and comes back on the same port', async () => {
    const ask = await start({}, INTROSPECTION);
    const { issuer } = server;
    const token = await server.mint({ format: 'opaque', ...readsNotes });
    await server.goDown();
    const response = await ask(bearer(token).headers);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).not.toBeNull();
    await server.comeBack();
    expect(server.issuer).toBe(issuer);
    expect((await fetch(`${issuer}/jwks`)).status).toBe(200);
  });
});
