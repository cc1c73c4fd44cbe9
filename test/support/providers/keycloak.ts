import { AUDIENCE, MCP, SCOPE, type Provider } from './provider.js';

const issuer = 'https://keycloak.example.com/realms/acme';

const claims = {
  jti: 'onrtac:5a0d3f7e-5d0f-4b1e-9f2a-0f3f3f0c8c11',
  aud: [MCP, 'account'],
  sub: 'f3b1c2d4-0000-4000-8000-1234567890ab',
  typ: 'Bearer',
  azp: 'mcp-client',
  sid: '7a6b5c4d',
  acr: '1',
  'allowed-origins': ['https://client.example.com'],
  realm_access: { roles: ['offline_access', 'uma_authorization', 'editor'] },
  resource_access: { account: { roles: ['manage-account'] }, notes: { roles: ['publisher'] } },
  scope: 'openid notes:read',
  preferred_username: 'alice',
};

export const keycloak: Provider = {
  name: 'Keycloak, with an audience mapper',
  issuer,
  header: { typ: 'JWT' },
  options: (server) => ({ metadata: { resource: MCP, authorizationServers: [server] } }),
  accepted: [
    {
      name: 'an access token',
      claims,
      needs: 'notes:read',
      caller: { clientId: 'mcp-client', subject: claims.sub, scopes: ['openid', 'notes:read'] },
    },
  ],
  refused: [
    {
      name: 'a token without the audience mapper',
      claims: { ...claims, aud: 'account' },
      status: 401,
      description: AUDIENCE,
    },
    {
      name: 'an ID token',
      claims: { ...claims, typ: 'ID', aud: 'mcp-client', scope: undefined },
      status: 401,
      description: AUDIENCE,
    },
    {
      name: 'a role, which is no scope here',
      claims,
      needs: 'editor',
      status: 403,
      description: SCOPE,
    },
  ],
};

export const keycloakRoles: Provider = {
  name: 'Keycloak, with realm roles as scopes',
  issuer,
  header: { typ: 'JWT' },
  options: (server) => ({
    metadata: { resource: MCP, authorizationServers: [server] },
    claims: { scopes: ['realm_access', 'roles'] },
  }),
  accepted: [
    {
      name: 'an access token',
      claims,
      needs: 'editor',
      caller: { scopes: ['offline_access', 'uma_authorization', 'editor'] },
    },
    {
      name: 'a token without roles',
      claims: { ...claims, realm_access: {} },
      caller: { scopes: [] },
    },
  ],
  refused: [
    {
      name: 'a scope, which is no role',
      claims,
      needs: 'notes:read',
      status: 403,
      description: SCOPE,
    },
    {
      name: 'a role of a client, which is no realm role',
      claims,
      needs: 'publisher',
      status: 403,
      description: SCOPE,
    },
  ],
};
