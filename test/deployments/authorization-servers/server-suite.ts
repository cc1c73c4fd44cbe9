import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DpopSession } from '@modelcontextprotocol/client';
import {
  fetchServerConfig,
  InvalidTokenError,
  validateServerConfig,
  type InvalidTokenReason,
  type ProtectedResourceOptions,
} from 'nestjs-mcp-auth';
import type { ClientMetadata } from 'openid-client';
import { CLIENTS } from '../../support/mcp-flow/clients.js';
import { logIn } from '../../support/mcp-flow/log-in.js';
import { SCOPES, type Sighting } from '../../support/mcp-flow/whoami-app.js';
import type { AuthorizationServer } from './authorization-server.js';
import { adapters, ProtectedApp } from './protected-app.js';
import { requestTokens, type TokenRequest } from './request-tokens.js';

type Kind = keyof typeof CLIENTS;
const kinds = Object.keys(CLIENTS) as Kind[];

export const OTHER_RESOURCE = 'http://localhost:9/other/mcp';

export interface ServerFacts {
  /** The options of the page about the server. */
  options: ProtectedResourceOptions;
  /** The metadata with which a public client must register. */
  publicClient: Partial<ClientMetadata>;
  /** The codes of the errors that `validateServerConfig` returns. */
  errors: string[];
  warnings: string[];
  /** The reason for the rejection of a token that was requested without `resource`. */
  withoutResource: InvalidTokenReason;
}

const USER = { username: 'alice@example.com', password: 'a password, made up' };

export const refused = (reason: InvalidTokenReason) => [401, new InvalidTokenError(reason).message];

/** Describes the tests that are the same for several authorization servers. `facts` are their differences. */
export function describeServer(
  start: (resources: string[]) => Promise<AuthorizationServer>,
  facts: ServerFacts,
): void {
  describe.each(adapters)('with an application on %s', (adapter) => {
    let server: AuthorizationServer;
    let app: ProtectedApp;
    beforeAll(async () => {
      app = await ProtectedApp.prepare();
      server = await start([app.resource, OTHER_RESOURCE]);
      await app.start(adapter, server.issuer, { ...facts.options, dpop: { mode: 'accepted' } });
    });
    afterAll(async () => {
      await app.stop();
      await server.stop();
    });

    it('finds the server by its issuer alone, and validateServerConfig reports the expected problems', async () => {
      const config = await fetchServerConfig(server.issuer);
      const dpop = { mode: 'required', algorithms: ['ES256'] } as const;
      const { errors, warnings } = validateServerConfig(config, { scopes: SCOPES, dpop });
      expect(errors.map(({ code }) => code)).toEqual(facts.errors);
      expect(warnings.map(({ code }) => code)).toEqual(facts.warnings);
    });

    const request = (more: Partial<TokenRequest> = {}) =>
      requestTokens(server, {
        registration: facts.publicClient,
        scope: SCOPES.join(' '),
        resource: app.resource,
        ...more,
      });

    const logInWith = (kind: Kind, more: object = {}) =>
      logIn(kind, `${app.resource}/v2`, USER, {
        browser: { authorize: (url, callback) => server.logIn(url, callback) },
        provider: {
          clientMetadata: { redirect_uris: ['http://127.0.0.1/callback'], ...facts.publicClient },
          ...more,
        },
      });

    it.each(kinds)('logs in a client of %s', async (kind) => {
      const { client } = await logInWith(kind);
      const { content } = await client.callTool('whoami');
      const [{ text }] = content as [{ text: string }];
      const { handler } = JSON.parse(text) as Sighting;
      expect(handler).toMatchObject({
        issuer: server.issuer,
        subject: expect.any(String),
        clientId: expect.any(String),
        scopes: expect.arrayContaining(SCOPES),
      });
      await client.close();
    });

    it('accepts an access token that is bound to a key of the SDK by DPoP', async () => {
      const session = await DpopSession.create();
      const kind = '@modelcontextprotocol/client v2';
      const { client, oauth } = await logInWith(kind, { dpop: () => session });
      expect(await client.callTool('whoami')).toHaveProperty('content');
      expect(oauth.tokens()?.token_type).toBe('DPoP');
      const asBearer = await app.answer(oauth.tokens()?.access_token ?? '');
      expect(asBearer).toEqual(refused('possession'));
      await client.close();
    });

    it('refuses an access token for another resource', async () => {
      const { accessToken } = await request({ resource: OTHER_RESOURCE });
      expect(await app.answer(accessToken)).toEqual(refused('audience'));
    });

    it('refuses an access token that was requested without a resource', async () => {
      const { accessToken } = await request({ resource: undefined });
      expect(await app.answer(accessToken)).toEqual(refused(facts.withoutResource));
    });

    it('refuses an ID token, and accepts the access token beside it', async () => {
      const { accessToken, idToken = '' } = await request({ scope: `openid ${SCOPES.join(' ')}` });
      expect(await app.answer(idToken)).toEqual(refused('type'));
      expect(await app.answer(accessToken)).toEqual([200]);
    });

    it('accepts tokens of a new key, and no longer accepts tokens of the old key', async () => {
      const [{ accessToken: old }, { accessToken: unseen }] = [await request(), await request()];
      expect(await app.answer(old)).toEqual([200]);
      await server.rotate();
      expect(await app.answer((await request()).accessToken)).toEqual([200]);
      for (const token of [old, unseen]) {
        expect(await app.answer(token)).toEqual(refused('signature'));
      }
    });
  });
}
