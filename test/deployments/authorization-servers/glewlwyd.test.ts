import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IntrospectionTokenVerifier, type ProtectedResourceOptions } from 'nestjs-mcp-auth';
import { tokenRevocation } from 'openid-client';
import { Page } from '../../docs/support/page.js';
import { SCOPES } from '../../support/mcp-flow/whoami-app.js';
import { missingPrograms } from '../../support/process/missing-programs.js';
import { Glewlwyd } from './glewlwyd.js';
import { adapters, ProtectedApp } from './protected-app.js';
import { requestTokens, type TokenRequest, type Tokens } from './request-tokens.js';
import { describeServer, refused } from './server-suite.js';

const missing = missingPrograms(['glewlwyd', 'sqlite3']);
const describeIt = missing.length > 0 ? describe.skip : describe;

const page = await Page.open('docs/providers/glewlwyd.md');
const { notes } = await page.run<{ notes: ProtectedResourceOptions }>('Here');

describeIt('Glewlwyd', () => {
  describeServer((resources) => Glewlwyd.start(resources), {
    options: notes,
    publicClient: {},
    errors: [],
    warnings: [
      'client_id_metadata_document_not_supported',
      'iss_in_authorization_response_not_supported',
    ],
    withoutResource: 'audience',
  });
});

describeIt.each(adapters)('an application on %s that asks Glewlwyd about each token', (adapter) => {
  let server: Glewlwyd;
  let app: ProtectedApp;
  let own: Tokens;

  beforeAll(async () => {
    app = await ProtectedApp.prepare();
    server = await Glewlwyd.start([app.resource]);
    own = await request({
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: ['authorization_code', 'client_credentials'],
    });
    const { client_id: clientId, client_secret: clientSecret } = own.configuration.clientMetadata();
    const introspection = { clientId, clientSecret };
    const authorizationServers = [{ issuer: server.issuer, introspection }];
    await app.start(adapter, server.issuer, {
      metadata: { resource: app.resource, authorizationServers },
      tokenVerifier: IntrospectionTokenVerifier,
    });
  });
  afterAll(async () => {
    await app.stop();
    await server.stop();
  });

  const request = (registration: TokenRequest['registration'] = {}) =>
    requestTokens(server, { registration, scope: SCOPES.join(' '), resource: app.resource });

  it('accepts a token of its own client until the token is revoked', async () => {
    expect(await app.answer(own.accessToken)).toEqual([200]);
    await tokenRevocation(own.configuration, own.accessToken);
    expect(await app.answer(own.accessToken)).toEqual(refused('rejected'));
  });

  it('refuses a token of any other client, which Glewlwyd calls inactive', async () => {
    const { accessToken } = await request();
    expect(await app.answer(accessToken)).toEqual(refused('rejected'));
  });

  it('gets no token for a client that registers with the method "none"', async () => {
    await expect(request({ token_endpoint_auth_method: 'none' })).rejects.toMatchObject({
      error: 'unauthorized_client',
    });
  });
});
