import { AUDIENCE, MCP, TYPE, withoutScope } from './provider.js';
import type { PageProvider } from './page-provider.js';

const issuer = 'https://door.example.com';
const client = 'a1b2c3d4e5f6';
const sub = '9eb20f79-3bb5-4e74-99ac-39e3b9a171e8';

const claims = {
  owner: 'acme',
  preferred_username: 'alice',
  tokenType: 'access-token',
  tag: 'staff',
  scope: 'openid notes:read',
  azp: client,
  sub,
  aud: [MCP],
  jti: 'admin/6a0c1f5e-8d0a-4f5b-8c1d-7f0e2a3b4c5d',
};

export const casdoor: PageProvider = {
  page: 'casdoor.md',
  name: 'Casdoor',
  issuer,
  header: { typ: 'JWT' },
  documents: {
    [`${issuer}/.well-known/oauth-authorization-server`]: {
      issuer,
      authorization_endpoint: `${issuer}/login/oauth/authorize`,
      token_endpoint: `${issuer}/api/login/oauth/access_token`,
      jwks_uri: `${issuer}/.well-known/jwks`,
      introspection_endpoint: `${issuer}/api/login/oauth/introspect`,
      registration_endpoint: `${issuer}/api/oauth/register`,
      response_types_supported: ['code', 'token', 'id_token'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      code_challenge_methods_supported: ['S256'],
    },
  },
  examples: [
    {
      heading: 'Here',
      accepted: [
        {
          name: 'an access token',
          claims,
          needs: 'notes:read',
          caller: { clientId: client, subject: sub, scopes: ['openid', 'notes:read'] },
        },
      ],
      refused: [
        {
          name: 'a refresh token',
          claims: { ...claims, tokenType: 'refresh-token' },
          status: 401,
          description: TYPE,
        },
        {
          name: 'a token that was requested without a resource',
          claims: { ...claims, aud: [client] },
          status: 401,
          description: AUDIENCE,
        },
        {
          name: 'a token for another resource',
          claims: { ...claims, aud: ['https://other.example.com/mcp'] },
          status: 401,
          description: AUDIENCE,
        },
        {
          name: 'a token with a nonce',
          claims: { ...claims, nonce: 'n-0S6_WzA2Mj' },
          status: 401,
          description: TYPE,
        },
        withoutScope(claims, 'notes:write'),
      ],
    },
  ],
};
