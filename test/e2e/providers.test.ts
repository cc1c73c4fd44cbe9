import { beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { AuthInfo, RequireScopes } from 'nestjs-mcp-auth';
import { adapters, bearer, startApp } from '../support/app.js';
import { useIssuer } from '../support/serve.js';
import { auth0, auth0Permissions } from '../support/providers/auth0.js';
import {
  cognitoClient,
  cognitoResourceBinding,
  cognitoResourceServer,
} from '../support/providers/cognito.js';
import { entraV1, entraV2, entraV2Roles } from '../support/providers/entra-id.js';
import { googleIdTokens } from '../support/providers/google.js';
import { keycloak, keycloakRoles } from '../support/providers/keycloak.js';
import { logto } from '../support/providers/logto.js';
import { okta } from '../support/providers/okta.js';
import type { SampleToken } from '../support/providers/provider.js';

const providers = [
  auth0,
  auth0Permissions,
  entraV1,
  entraV2,
  entraV2Roles,
  okta,
  keycloak,
  keycloakRoles,
  cognitoResourceServer,
  cognitoClient,
  cognitoResourceBinding,
  logto,
  googleIdTokens,
];

@Controller('notes')
class NotesController {
  @Get()
  @RequireScopes<{ query: { needs?: string } }>(({ query }) => query.needs)
  get(@AuthInfo() { subject, clientId, scopes, audience }: AuthInfo) {
    return { subject, clientId, scopes, audience };
  }
}

const cases = adapters.flatMap((adapter) =>
  providers.map((provider) => ({ ...provider, adapter, title: `${provider.name}, on ${adapter}` })),
);

describe.each(cases)('$title', ({ adapter, issuer, options, header, accepted, refused }) => {
  const keys = useIssuer({ algorithm: 'RS256' });
  let url: string;

  beforeAll(async () => {
    const server = {
      metadata: { issuer, jwksUri: `${keys.url}/jwks` },
      // The provider's keys are on this machine.
      allowPrivateNetwork: true,
    };
    ({ url } = await startApp({
      adapter,
      options: { protectedResources: options(server) },
      controllers: [NotesController],
    }));
  });

  const present = async ({ claims, header: own, needs }: SampleToken) => {
    const token = await keys.mint({
      header: { ...header, ...own },
      claims: { iss: issuer, client_id: undefined, sub: undefined, ...claims },
    });
    const query = needs === undefined ? '' : `?needs=${encodeURIComponent(needs)}`;
    return fetch(`${url}/notes${query}`, bearer(token));
  };

  if (accepted.length > 0) {
    it.each(accepted)('accepts $name', async (token) => {
      const response = await present(token);
      expect([response.status, await response.json()]).toEqual([
        200,
        expect.objectContaining(token.caller),
      ]);
    });
  }

  it.each(refused)('refuses $name', async (token) => {
    const response = await present(token);
    expect([response.status, await response.json()]).toEqual([
      token.status,
      expect.objectContaining({ error_description: token.description }),
    ]);
    expect(response.headers.get('www-authenticate')).toContain(token.challenge ?? '');
  });
});
