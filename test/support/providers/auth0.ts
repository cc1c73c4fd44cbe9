import { AUDIENCE, CLAIM, MCP, SCOPE, TYPE, type Provider } from './provider.js';

const issuer = 'https://tenant.auth0.com/';

const claims = {
  sub: 'auth0|6553da60a54af58e29493993',
  aud: [MCP, 'https://tenant.auth0.com/userinfo'],
  azp: 'K1AUPhZq8mRi0Q0pjhkfu1D7y6KjDQja',
  scope: 'openid profile read:notes',
};

const idToken = {
  sub: claims.sub,
  aud: claims.azp,
  nonce: 'n',
  name: 'Alice',
  email: 'alice@example.com',
};

export const auth0: Provider = {
  name: 'Auth0, its own token profile',
  issuer,
  header: { typ: 'JWT' },
  options: (server) => ({ metadata: { resource: MCP, authorizationServers: [server] } }),
  accepted: [
    {
      name: 'an access token',
      claims,
      needs: 'read:notes',
      caller: {
        clientId: claims.azp,
        subject: claims.sub,
        scopes: ['openid', 'profile', 'read:notes'],
      },
    },
    {
      name: 'a token of a machine',
      claims: { ...claims, aud: MCP, sub: `${claims.azp}@clients`, gty: 'client-credentials' },
      caller: { subject: `${claims.azp}@clients` },
    },
  ],
  refused: [
    { name: 'an ID token', claims: idToken, status: 401, description: AUDIENCE },
    {
      name: 'a token for the userinfo endpoint alone',
      claims: { ...claims, aud: 'https://tenant.auth0.com/userinfo' },
      status: 401,
      description: AUDIENCE,
    },
    {
      name: 'a token with the permission in "permissions" only',
      claims: { ...claims, permissions: ['delete:notes'] },
      needs: 'delete:notes',
      status: 403,
      description: SCOPE,
    },
  ],
};

export const auth0Permissions: Provider = {
  name: 'Auth0, RBAC with the permissions in an RFC 9068 token',
  issuer,
  header: { typ: 'at+jwt' },
  options: (server) => ({
    metadata: { resource: MCP, authorizationServers: [server] },
    jwt: { typ: 'at+jwt' },
    claims: { scopes: 'permissions' },
  }),
  accepted: [
    {
      name: 'an access token',
      claims: {
        ...claims,
        azp: undefined,
        client_id: claims.azp,
        jti: '73WakrfVbNJBaAmhQtEeDv',
        permissions: ['read:notes', 'delete:notes'],
      },
      needs: 'delete:notes',
      caller: { clientId: claims.azp, scopes: ['read:notes', 'delete:notes'] },
    },
  ],
  refused: [
    {
      name: 'a token with the requested scope, but without the permission',
      claims: { ...claims, permissions: [] },
      needs: 'read:notes',
      status: 403,
      description: SCOPE,
    },
    {
      name: 'a token of the other profile',
      header: { typ: 'JWT' },
      claims: { ...claims, permissions: ['read:notes'] },
      status: 401,
      description: TYPE,
    },
    {
      name: 'a token whose permissions are not strings',
      claims: { ...claims, permissions: [{ name: 'read:notes' }] },
      status: 401,
      description: CLAIM,
    },
  ],
};
