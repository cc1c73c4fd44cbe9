import { AUDIENCE, MCP, withoutScope, type Provider } from './provider.js';

const claims = {
  jti: 'VovNyqJ5_tuYac89eTbpF',
  sub: 'rkxl1ops7gs1',
  aud: MCP,
  client_id: 'foo123',
  scope: 'read:notes',
};

export const logto: Provider = {
  name: 'Logto',
  issuer: 'https://tenant.logto.app/oidc',
  header: { typ: 'at+jwt' },
  options: (server) => ({
    metadata: { resource: MCP, authorizationServers: [server] },
    jwt: { typ: 'at+jwt' },
  }),
  accepted: [
    {
      name: 'an access token',
      claims,
      needs: 'read:notes',
      caller: { clientId: 'foo123', subject: 'rkxl1ops7gs1', scopes: ['read:notes'] },
    },
  ],
  refused: [
    {
      name: 'an organization token',
      claims: { ...claims, aud: 'urn:logto:organization:org1' },
      status: 401,
      description: AUDIENCE,
    },
    {
      name: 'an ID token',
      header: { typ: 'JWT' },
      claims: { sub: claims.sub, aud: 'foo123', name: 'Alice' },
      status: 401,
      description: 'The access token is of a type that is not accepted.',
    },
    withoutScope(claims, 'write:notes'),
  ],
};
