import { generateKeyPairSync } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Controller, Get, Logger } from '@nestjs/common';
import { AuthInfo, RequireScopes, type IntrospectionOptions } from 'nestjs-mcp-auth';
import { exportJWK } from 'jose';
import { adapters, bearer, RESOURCE, startApp, stopApps } from '../support/app.js';
import {
  CLIENT_SECRET,
  CLIENTS,
  OpaqueAuthorizationServer,
} from '../support/opaque-authorization-server.js';
import { OTHER_SELF_SIGNED, SELF_SIGNED } from '../support/self-signed.js';

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });

@Controller('notes')
class NotesController {
  @Get() @RequireScopes('read:notes') get(@AuthInfo() { issuer, clientId }: AuthInfo) {
    return { issuer, clientId };
  }
}

describe.each(adapters)('introspection by a real authorization server, on %s', (adapter) => {
  let server: OpaqueAuthorizationServer;
  let url: string;

  beforeAll(async () => {
    server = await OpaqueAuthorizationServer.start(await exportJWK(pair.publicKey));
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await stopApps();
  });

  afterAll(() => server.close());

  const basic = { clientId: CLIENTS.basic.client_id, clientSecret: CLIENT_SECRET };
  const start = async (introspection: IntrospectionOptions = basic, audience?: string) => {
    // In Jest's realm, oidc-provider cannot protect its own requests, and prints a warning.
    jest.spyOn(console, 'warn').mockImplementationOnce(() => undefined);
    const authorizationServers = [{ issuer: server.issuer, introspection }];
    const protectedResources = { metadata: { resource: RESOURCE, authorizationServers }, audience };
    const options = { protectedResources, network: { ca: SELF_SIGNED.cert } };
    ({ url } = await startApp({ adapter, options, controllers: [NotesController] }));
  };
  const call = (token: string) => fetch(`${url}/notes`, bearer(token));

  it.each<[string, IntrospectionOptions]>([
    ['client_secret_basic', basic],
    [
      'client_secret_post',
      {
        clientId: CLIENTS.post.client_id,
        clientSecret: CLIENT_SECRET,
        method: 'client_secret_post',
      },
    ],
    [
      'private_key_jwt',
      {
        clientId: CLIENTS.key.client_id,
        privateKeyJwt: { key: pair.privateKey, alg: 'ES256' },
      },
    ],
    ['tls_client_auth', { clientId: CLIENTS.tls.client_id, tlsClientAuth: OTHER_SELF_SIGNED }],
    [
      'self_signed_tls_client_auth',
      {
        clientId: CLIENTS.selfSigned.client_id,
        tlsClientAuth: OTHER_SELF_SIGNED,
        method: 'self_signed_tls_client_auth',
      },
    ],
    ['client_secret_basic, with a signed response', { ...basic, signedResponse: true }],
  ])('accepts a token, authenticated by %s', async (_, introspection) => {
    await start(introspection);
    const caller = { issuer: server.issuer, clientId: CLIENTS.post.client_id };
    expect(await (await call(await server.issue(RESOURCE))).json()).toEqual(caller);
    expect(await (await call(await server.issue(RESOURCE))).json()).toEqual(caller);
  });

  it('answers 503 to a response that is signed with our secret', async () => {
    const warnings = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    await start({ ...basic, clientId: CLIENTS.hmac.client_id, signedResponse: true });
    expect((await call(await server.issue(RESOURCE))).status).toBe(503);
    expect(String(warnings.mock.calls)).toContain('a JWT that is not accepted: algorithm');
  });

  it('is not repeated for a cached token, and rejects a revoked token', async () => {
    await start();
    const [known, revoked] = [await server.issue(RESOURCE), await server.issue(RESOURCE)];
    expect((await call(known)).status).toBe(200);
    await server.revoke(known);
    await server.revoke(revoked);
    expect([(await call(known)).status, (await call(revoked)).status]).toEqual([200, 401]);
  });

  it('rejects a token for another resource', async () => {
    await start();
    const response = await call(await server.issue('https://api.example.com/other'));
    expect(await response.json()).toMatchObject({
      error: 'invalid_token',
      error_description: 'The access token is not meant for this resource.',
    });
  });

  it('rejects a refresh token, although it is active', async () => {
    await start();
    const { RefreshToken, Client } = server.provider;
    const client = await Client.find(CLIENTS.post.client_id);
    const token = new RefreshToken({ client: client as never, scope: 'read:notes' } as never);
    expect((await call(await token.save())).status).toBe(401);
  });

  it.each<[string, IntrospectionOptions]>([
    ['secret', { ...basic, clientSecret: 'x'.repeat(40) }],
    [
      'key',
      {
        clientId: CLIENTS.key.client_id,
        privateKeyJwt: {
          key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
          alg: 'ES256',
        },
      },
    ],
    ['certificate', { clientId: CLIENTS.tls.client_id, tlsClientAuth: SELF_SIGNED }],
    [
      'self-signed certificate',
      { clientId: CLIENTS.selfSigned.client_id, tlsClientAuth: SELF_SIGNED },
    ],
  ])('answers 503 for any token if the server rejects our %s', async (_, introspection) => {
    const warnings = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    await start(introspection);
    const token = await server.issue(RESOURCE);
    expect((await call(token)).status).toBe(503);
    expect(String(warnings.mock.calls)).toContain('/token/introspection answered 401');
    expect(String(warnings.mock.calls)).not.toContain(token);
  });
});
