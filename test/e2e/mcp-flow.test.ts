import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { decodeJwt } from 'jose';
import { startDevServer, type DevServer } from 'nestjs-mcp-auth/dev-server';
import { CLIENTS } from '../support/mcp-flow/clients.js';
import { freePort } from '../support/mcp-flow/free-port.js';
import { authorize, logIn } from '../support/mcp-flow/log-in.js';
import { ADAPTERS, SCOPES, startWhoamiApp, type Sighting } from '../support/mcp-flow/whoami-app.js';

const USER = { username: 'ada', password: 'lovelace', scopes: ['read:things'] };
const OTHER_RESOURCE = 'http://localhost:1/other';
const CLIENT_ID_URL = 'https://client.example/metadata.json';

const adapters = Object.keys(ADAPTERS) as (keyof typeof ADAPTERS)[];
const clients = Object.keys(CLIENTS) as (keyof typeof CLIENTS)[];

/** The document at the client's URL. The test provides it, because oidc-provider fetches only from public hosts. */
const clientIdMetadataDocument = {
  client_id: CLIENT_ID_URL,
  client_name: 'Test',
  redirect_uris: ['http://127.0.0.1/callback'],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'none',
  application_type: 'native',
};

describe.each(adapters)('an MCP client logs in, %s', (adapter) => {
  let authorizationServer: DevServer;
  let app: INestApplication;
  let resource: string;

  beforeAll(async () => {
    const port = await freePort();
    resource = `http://localhost:${port}/mcp`;
    authorizationServer = await startDevServer({
      port: 0,
      resources: [
        { resource, scopes: SCOPES },
        { resource: OTHER_RESOURCE, scopes: SCOPES },
      ],
      users: [USER],
      configure: (configuration) => ({
        ...configuration,
        fetch: (url) =>
          Promise.resolve(
            url === CLIENT_ID_URL
              ? Response.json(clientIdMetadataDocument)
              : new Response(null, { status: 404 }),
          ),
      }),
    });
    const { issuer } = authorizationServer;
    app = await startWhoamiApp(adapter, { port, resource, issuer });
  });

  afterAll(async () => {
    await app.close();
    await authorizationServer.close();
  });

  const metadataUrl = () => resource.replace('/mcp', '/.well-known/oauth-protected-resource/mcp');

  describe.each(clients)('%s', (kind) => {
    it.each(['v1', 'v2'])('calls a tool of a server of SDK %s', async (sdk) => {
      const { client, wire, oauth, authorizationUrl } = await logIn(
        kind,
        `${resource}/${sdk}`,
        USER,
      );
      const { issuer } = authorizationServer;

      const refusal = wire.find('be refused', ({ status }) => status === 401);
      expect(refusal.headers.get('www-authenticate')).toContain(
        `Bearer resource_metadata="${metadataUrl()}"`,
      );
      const published = wire.find('read the metadata', ({ url }) => url === metadataUrl());
      expect(published.body).toMatchObject({
        resource,
        authorization_servers: [issuer],
        scopes_supported: SCOPES,
      });
      const registration = wire.find('register', ({ url }) => url === `${issuer}/reg`);
      expect(registration.status).toBe(201);
      expect(authorizationUrl.searchParams.get('code_challenge_method')).toBe('S256');
      expect(authorizationUrl.searchParams.get('resource')).toBe(resource);

      // If this client fell back to another revision, the row would test the same as another row.
      if (kind.endsWith('2026-07-28') && sdk === 'v2') {
        expect(client.protocolVersion()).toBe('2026-07-28');
      }
      const { content, isError } = await client.callTool('whoami');
      expect(isError).toBeFalsy();
      const [{ text }] = content as [{ text: string }];
      const { handler, injectedSubject } = JSON.parse(text) as Sighting;
      expect(injectedSubject).toBe(USER.username);
      expect(handler).toMatchObject({
        token: oauth.tokens()?.access_token,
        clientId: registration.body.client_id,
        // The client requested both scopes, but the user is allowed only one.
        scopes: ['read:things'],
        subject: USER.username,
        issuer,
        audience: resource,
        resource,
        resourceMetadataUrl: metadataUrl(),
        expiresAt: expect.any(Number),
      });
      await client.close();
    });

    it('is identified by its Client ID Metadata Document, without registration', async () => {
      // In Jest's realm, oidc-provider cannot block private addresses, and prints a warning.
      jest.spyOn(console, 'warn').mockImplementationOnce(() => undefined);
      const { client, wire } = await logIn(kind, `${resource}/v2`, USER, {
        clientMetadataUrl: CLIENT_ID_URL,
      });
      expect(() => wire.find('register', ({ url }) => url.endsWith('/reg'))).toThrow();

      const { content } = await client.callTool('whoami');
      const [{ text }] = content as [{ text: string }];
      expect((JSON.parse(text) as Sighting).handler.clientId).toBe(CLIENT_ID_URL);
      await client.close();
    });

    it('refreshes its token after a 401', async () => {
      const { client, oauth } = await logIn(kind, `${resource}/v2`, USER);
      const tokens = oauth.tokens();
      oauth.saveTokens({ token_type: 'Bearer', ...tokens, access_token: 'e.y.J' });

      const { isError } = await client.callTool('whoami');
      expect(isError).toBeFalsy();
      expect(oauth.tokens()?.access_token).not.toBe(tokens?.access_token);
      await client.close();
    });

    it('is rejected with a token issued for another resource', async () => {
      const endpoint = `${resource}/v2`;
      const { oauth } = await authorize(kind, endpoint, USER, { forResource: OTHER_RESOURCE });
      const token = oauth.tokens()?.access_token ?? '';
      expect(decodeJwt(token).aud).toBe(OTHER_RESOURCE);

      const { status, headers } = await fetch(endpoint, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
      });
      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toContain('error="invalid_token"');
    });
  });
});
