import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import {
  fetchServerConfig,
  McpAuthConfigurationError,
  validateServerConfig,
} from 'nestjs-mcp-auth';
import {
  createDpopKey,
  createTestAuthorizationServer,
  type MintOptions,
  type TestAuthorizationServer,
} from 'nestjs-mcp-auth/testing';
import { derOf, x5tOf } from '../../support/forwarded-certificate.js';
import { SELF_SIGNED } from '../../support/self-signed.js';

const AUDIENCE = 'https://api.example.com/notes';

describe('the test authorization server', () => {
  let server: TestAuthorizationServer;

  beforeEach(async () => {
    server = await createTestAuthorizationServer({ audience: AUDIENCE });
  });

  afterEach(() => server.close());

  const introspect = async (token: string) => {
    const body = new URLSearchParams({ token });
    const response = await fetch(`${server.issuer}/introspect`, { method: 'POST', body });
    return (await response.json()) as Record<string, unknown>;
  };

  const claims = async (options?: MintOptions) => decodeJwt(await server.mint(options));

  it('publishes metadata with everything that an MCP client needs', async () => {
    const config = await fetchServerConfig(server.issuer, { type: 'oauth' });
    expect(validateServerConfig(config)).toMatchObject({ errors: [], warnings: [] });
  });

  it('adds the members of the test to its metadata', async () => {
    await server.close();
    server = await createTestAuthorizationServer({
      metadata: { scopes_supported: ['read:notes'], introspection_endpoint: undefined },
    });
    const url = `${server.issuer}/.well-known/oauth-authorization-server`;
    const metadata = (await (await fetch(url)).json()) as object;
    expect(metadata).toHaveProperty('scopes_supported', ['read:notes']);
    expect(metadata).not.toHaveProperty('introspection_endpoint');
  });

  it('writes the claims of an access token', async () => {
    const now = Math.floor(Date.now() / 1000);
    const token = await server.mint({ scopes: ['read:notes', 'write:notes'], expiresIn: 60 });
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
    const { jti, iat = 0, exp = 0, ...rest } = decodeJwt(token);
    expect(rest).toEqual({
      iss: server.issuer,
      sub: 'alice',
      aud: AUDIENCE,
      client_id: 'test-client',
      scope: 'read:notes write:notes',
    });
    expect(jti).toEqual(expect.any(String));
    expect(iat).toBeGreaterThanOrEqual(now);
    expect(exp - iat).toBe(60);
  });

  it('lets the claims of the test win, and leaves out claims that are undefined', async () => {
    const content = await claims({ claims: { sub: 'bob', role: 'admin', jti: undefined } });
    expect(content).toMatchObject({ sub: 'bob', role: 'admin' });
    expect(content).not.toHaveProperty('jti');
  });

  it.each([
    ['PEM', SELF_SIGNED.cert],
    ['DER', derOf(SELF_SIGNED.cert)],
    ['an X509Certificate', new X509Certificate(SELF_SIGNED.cert)],
  ])('binds a token to a certificate, given as %s, and to a DPoP key', async (_, certificate) => {
    const dpopKey = await createDpopKey();
    const { cnf } = await claims({ certificate, dpopKey });
    expect(cnf).toEqual({ 'x5t#S256': x5tOf(derOf(SELF_SIGNED.cert)), jkt: dpopKey.jkt });
  });

  it.each<[string, (server: TestAuthorizationServer) => Promise<string>]>([
    ['mints', (nobodys) => nobodys.mint()],
    ['mints an opaque token', (nobodys) => nobodys.mint({ format: 'opaque' })],
    ['makes a bad token', (nobodys) => nobodys.bad('expired')],
  ])('says what is missing if it %s without an audience', async (_, make) => {
    await server.close();
    server = await createTestAuthorizationServer();
    const token = make(server);
    await expect(token).rejects.toThrow(McpAuthConfigurationError);
    await expect(token).rejects.toThrow('createTestAuthorizationServer({ audience })');
    expect(await claims({ audience: AUDIENCE })).toHaveProperty('aud', AUDIENCE);
    expect(await claims({ claims: { aud: undefined } })).not.toHaveProperty('aud');
  });

  it('introspects JWTs and opaque tokens alike', async () => {
    const { jkt } = await createDpopKey();
    const [jwt, opaque] = [await server.mint(), await server.mint({ format: 'opaque' })];
    expect(await introspect(jwt)).toEqual({
      active: true,
      token_type: 'Bearer',
      ...decodeJwt(jwt),
    });
    expect(await introspect(opaque)).toMatchObject({ active: true, sub: 'alice', aud: AUDIENCE });
    expect(await introspect(await server.mint({ dpopKey: { jkt } }))).toMatchObject({
      token_type: 'DPoP',
      cnf: { jkt },
    });
    expect(await introspect(await server.bad('noExpiry'))).toEqual({ active: false });
  });

  it('lists all requests, including unexpected requests', async () => {
    await fetch(`${server.issuer}/jwks?x=y`);
    const response = await fetch(`${server.issuer}/token`, { method: 'POST' });
    expect(response.status).toBe(404);
    expect(server.requests).toEqual(['GET /jwks', 'POST /token']);
  });

  it('continues to answer after a client closed its connection in the middle of a request', async () => {
    const { port } = new URL(server.issuer);
    const socket = connect(Number(port), '127.0.0.1');
    socket.end('POST /introspect HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\ntoken=');
    await once(socket.resume(), 'close');
    expect(await introspect('unknown')).toEqual({ active: false });
  });

  it('refuses connections while it is down, even if goDown() is called twice', async () => {
    await server.comeBack();
    await server.goDown();
    await server.goDown();
    await expect(fetch(`${server.issuer}/jwks`)).rejects.toThrow();
    await server.comeBack();
    expect((await fetch(`${server.issuer}/jwks`)).status).toBe(200);
  });

  it('stops when it is disposed', async () => {
    await server[Symbol.asyncDispose]();
    await expect(fetch(`${server.issuer}/jwks`)).rejects.toThrow();
  });
});
