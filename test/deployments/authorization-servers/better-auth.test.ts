import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ProtectedResourceOptions } from 'nestjs-mcp-auth';
import { Page } from '../../docs/support/page.js';
import { SCOPES } from '../../support/mcp-flow/whoami-app.js';
import { BetterAuth, BetterAuthPackages } from './better-auth.js';
import { adapters, ProtectedApp } from './protected-app.js';
import { requestTokens, type TokenRequest } from './request-tokens.js';
import { describeServer, OTHER_RESOURCE, refused } from './server-suite.js';

const page = await Page.open('docs/providers/better-auth.md');
const { notes } = await page.run<{ notes: ProtectedResourceOptions }>('Here');

const INSTALL_LIMIT = 300_000;

let packages: BetterAuthPackages;
beforeAll(async () => {
  packages = await BetterAuthPackages.install();
}, INSTALL_LIMIT);
afterAll(() => packages.remove());

const publicClient = { application_type: 'native', token_endpoint_auth_method: 'none' };

describe('Better Auth, with JWTs', () => {
  describeServer((resources) => BetterAuth.start(packages, 'jwt', resources), {
    options: notes,
    publicClient,
    errors: [],
    warnings: ['client_id_metadata_document_not_supported'],
    withoutResource: 'malformed',
  });
});

describe.each(adapters)(
  'an application on %s that introspects opaque tokens at Better Auth',
  (adapter) => {
    let server: BetterAuth;
    let app: ProtectedApp;

    beforeAll(async () => {
      app = await ProtectedApp.prepare();
      server = await BetterAuth.start(packages, 'opaque', [app.resource, OTHER_RESOURCE]);
      const { configuration } = await request({
        registration: { ...publicClient, token_endpoint_auth_method: 'client_secret_basic' },
      });
      const { client_id: clientId, client_secret: clientSecret } = configuration.clientMetadata();
      const authorizationServers = [
        { issuer: server.issuer, introspection: { clientId, clientSecret } },
      ];
      const metadata = { resource: app.resource, authorizationServers };
      await app.start(adapter, server.issuer, { metadata });
    });
    afterAll(async () => {
      await app.stop();
      await server.stop();
    });

    const request = (more: Partial<TokenRequest> = {}) =>
      requestTokens(server, {
        registration: publicClient,
        scope: SCOPES.join(' '),
        resource: app.resource,
        ...more,
      });

    it('accepts a token of any client for its resource', async () => {
      const { accessToken } = await request();
      expect(accessToken).not.toContain('.');
      expect(await app.answer(accessToken)).toEqual([200]);
    });

    it('refuses a token for another resource', async () => {
      const { accessToken } = await request({ resource: OTHER_RESOURCE });
      expect(await app.answer(accessToken)).toEqual(refused('audience'));
    });

    it('refuses a token without a resource, which Better Auth calls inactive', async () => {
      const { accessToken } = await request({ resource: undefined });
      expect(await app.answer(accessToken)).toEqual(refused('rejected'));
    });
  },
);
