import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Client,
  ClientCredentialsProvider,
  DpopSession,
  extractWWWAuthenticateParams as readChallenge,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client';
import { extractWWWAuthenticateParams as readChallengeV1 } from '@modelcontextprotocol/sdk/client/auth.js';
import * as dpop from 'dpop';
import { decodeJwt } from 'jose';
import type { DpopMode } from 'nestjs-mcp-auth';
import * as openid from 'openid-client';
import { adapters, RESOURCE, startApp, stopApps, type AdapterName } from '../support/app.js';
import {
  CLIENT,
  startDpopAuthorizationServer,
  type DpopAuthorizationServer,
} from '../support/dpop/authorization-server.js';
import { NotesController } from '../support/dpop/laboratory.js';
import { freePort } from '../support/mcp-flow/free-port.js';
import { startWhoamiApp } from '../support/mcp-flow/whoami-app.js';

const FORMATS = ['jwt', 'opaque'] as const;
const MODES = ['accepted', 'required'] as const;
const ADAPTERS = { express: 'Express', fastify: 'Fastify' } as const;

describe.each(FORMATS)('DPoP-bound %s tokens of oidc-provider', (format) => {
  let server: DpopAuthorizationServer;
  let url = '';
  /** The answers of the application. */
  let answers: Response[] = [];

  beforeAll(async () => {
    server = await startDpopAuthorizationServer(format);
  });
  afterEach(stopApps);
  afterAll(() => server.close());

  const authorizationServers = () => {
    const introspection = { clientId: CLIENT.id, clientSecret: CLIENT.secret };
    return [{ issuer: server.issuer, ...(format === 'opaque' && { introspection }) }];
  };
  const start = async (adapter: AdapterName, mode: DpopMode, nonce: boolean) => {
    const options = {
      protectedResources: {
        metadata: { resource: RESOURCE, authorizationServers: authorizationServers() },
        dpop: { mode, nonce },
      },
    };
    ({ url } = await startApp({ adapter, options, controllers: [NotesController] }));
    answers = [];
  };
  /** Forwards requests for the URL of the resource to the application, as a proxy does. */
  const throughProxy = async (target: string, init: RequestInit): Promise<Response> => {
    const { origin } = new URL(RESOURCE);
    const response = await fetch(target.replace(origin, url), init);
    if (target.startsWith(origin)) answers.push(response);
    return response;
  };

  /** The client of openid-client, its key, and a token that is bound to it. */
  async function logIn() {
    const configuration = await openid.discovery(
      new URL(server.issuer),
      CLIENT.id,
      undefined,
      openid.ClientSecretBasic(CLIENT.secret),
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- so that it is seen; for loopback
      { execute: [openid.allowInsecureRequests] },
    );
    configuration[openid.customFetch] = (target, init) => throughProxy(target, init);
    const keyPair = await openid.randomDPoPKeyPair('ES256');
    const DPoP = openid.getDPoPHandle(configuration, keyPair);
    const { access_token: token, token_type } = await openid.clientCredentialsGrant(
      configuration,
      { resource: RESOURCE, scope: 'read:things' },
      { DPoP },
    );
    expect(token_type).toBe('dpop');
    return { configuration, keyPair, DPoP, token };
  }

  describe.each(adapters)('on %s', (adapter) => {
    const cases = MODES.flatMap((mode) => [[mode, false] as const, [mode, true] as const]);

    it.each(cases)('openid-client is accepted: %s, nonces %s', async (mode, nonce) => {
      await start(adapter, mode, nonce);
      const { configuration, token, DPoP } = await logIn();
      const notes = new URL(`${RESOURCE}?page=1`);
      const get = async () =>
        openid.fetchProtectedResource(configuration, token, notes, 'GET', null, undefined, {
          DPoP,
        });
      expect((await get()).status).toBe(200);
      expect((await get()).status).toBe(200);
      expect(answers.map(({ status }) => status)).toEqual(nonce ? [401, 200, 200] : [200, 200]);
    });

    it('openid-client understands the challenge for a proof by another key', async () => {
      await start(adapter, 'accepted', false);
      const { configuration, token } = await logIn();
      const other = openid.getDPoPHandle(configuration, await openid.randomDPoPKeyPair('ES256'));
      const notes = new URL(RESOURCE);
      const refused = openid.fetchProtectedResource(
        configuration,
        token,
        notes,
        'GET',
        null,
        undefined,
        {
          DPoP: other,
        },
      );
      const refusal = await refused.catch(
        (error: unknown) => error as openid.WWWAuthenticateChallengeError,
      );
      const resource_metadata =
        'https://api.example.com/.well-known/oauth-protected-resource/notes';
      expect((refusal as Error).cause).toEqual([
        { scheme: 'bearer', parameters: { resource_metadata } },
        {
          scheme: 'dpop',
          parameters: {
            error: 'invalid_token',
            error_description: expect.any(String),
            resource_metadata,
            algs: expect.stringContaining('ES256'),
          },
        },
      ]);
    });

    it.each([
      ['1', readChallengeV1],
      ['2', readChallenge],
    ] as const)('version %s of the MCP SDK parses the challenges', async (_version, read) => {
      await start(adapter, 'accepted', false);
      const { resourceMetadataUrl, scope, error } = read(await throughProxy(RESOURCE, {}));
      expect({ url: resourceMetadataUrl?.href, scope, error }).toEqual({
        url: 'https://api.example.com/.well-known/oauth-protected-resource/notes',
        scope: undefined,
        error: undefined,
      });
    });

    it('a proof made by the dpop package is accepted once', async () => {
      await start(adapter, 'required', true);
      const { token, keyPair } = await logIn();
      const send = async (proof: string) =>
        throughProxy(RESOURCE, { headers: { authorization: `DPoP ${token}`, dpop: proof } });
      const first = await send(
        await dpop.generateProof(keyPair, RESOURCE, 'GET', undefined, token),
      );
      expect(first.status).toBe(401);
      const nonce = first.headers.get('dpop-nonce') ?? '';
      const proof = await dpop.generateProof(keyPair, RESOURCE, 'GET', nonce, token);
      expect([(await send(proof)).status, (await send(proof)).status]).toEqual([200, 401]);
    });

    it.each(cases)('an MCP client of the SDK is accepted: %s, nonces %s', async (mode, nonce) => {
      const port = await freePort();
      const resource = `http://localhost:${port}/mcp`;
      const app = await startWhoamiApp(
        ADAPTERS[adapter],
        { port, resource, issuer: server.issuer },
        {
          metadata: { resource, authorizationServers: authorizationServers() },
          dpop: { mode, nonce },
        },
      );
      try {
        const session = await DpopSession.create();
        const provider = Object.assign(
          new ClientCredentialsProvider({
            clientId: CLIENT.id,
            clientSecret: CLIENT.secret,
            expectedIssuer: server.issuer,
          }),
          { dpop: () => session },
        );
        const client = new Client({ name: 'test', version: '1.0.0' });
        const transport = new StreamableHTTPClientTransport(new URL(`${resource}/v2`), {
          authProvider: provider,
        });
        await client.connect(transport);
        const { content } = await client.callTool({ name: 'whoami' });
        expect(JSON.stringify(content)).toContain(CLIENT.id);
        expect(provider.tokens()?.token_type).toBe('DPoP');
        await client.close();
      } finally {
        await app.close();
      }
    });
  });

  it('contain the thumbprint of the key that they are bound to', async () => {
    await start('express', 'accepted', false);
    const { token, keyPair } = await logIn();
    const jkt = await dpop.calculateThumbprint(keyPair.publicKey);
    if (format === 'jwt') expect(decodeJwt(token).cnf).toEqual({ jkt });
    const proof = await dpop.generateProof(keyPair, RESOURCE, 'GET', undefined, token);
    const other = await dpop.generateKeyPair('ES256');
    const strange = await dpop.generateProof(other, RESOURCE, 'GET', undefined, token);
    const statuses = [];
    for (const each of [strange, proof]) {
      const headers = { authorization: `DPoP ${token}`, dpop: each };
      statuses.push((await throughProxy(RESOURCE, { headers })).status);
    }
    expect(statuses).toEqual([401, 200]);
  });
});
