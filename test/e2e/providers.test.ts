import { randomUUID } from 'node:crypto';
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
import { providersOn } from '../support/providers/page-provider.js';
import { pages } from '../support/providers/pages.js';
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
for (const page of pages) {
  providers.push(...(await providersOn(page)));
}

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

describe.each(cases)('$title', ({ adapter, issuer, algorithm = 'RS256', header, ...provider }) => {
  const { options, answers, accepted, refused } = provider;
  const keys = useIssuer({ algorithm });
  const opaque = new Map<string, object>();
  let url: string;

  beforeAll(async () => {
    const server = {
      metadata: { issuer, jwksUri: `${keys.url}/jwks` },
      // The provider's keys are on this machine.
      allowPrivateNetwork: true,
    };
    ({ url } = await startApp({
      adapter,
      options: {
        protectedResources: options(server),
        network: answers && { fetch: answers(keys, opaque) },
      },
      controllers: [NotesController],
    }));
  });

  const issue = async ({ claims, header: own, isOpaque = false }: SampleToken) => {
    if (isOpaque) {
      const token = randomUUID();
      opaque.set(token, claims);
      return token;
    }
    return keys.mint({
      header: { ...header, ...own },
      claims: { iss: issuer, client_id: undefined, sub: undefined, ...claims },
    });
  };

  const present = async (sample: SampleToken) => {
    const token = await issue(sample);
    const { needs } = sample;
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
