import { AUDIENCE, MCP, SCOPE, TYPE } from './provider.js';
import type { PageProvider } from './page-provider.js';

const issuer = 'https://auth.example.com';
const client = '51c1bf5e-1a8b-4d8a-9ba7-2fbb9c3f3f5a';
const sub = '4e4a6c1b-9d0a-4f5b-8c1d-7f0e2a3b4c5d';

const shared = { sub, client_id: client, aud: [MCP], ext: { team: 'red' } };
const jwt = { ...shared, scp: ['notes:read'], jti: '2c1d7f0e-4e4a-4f5b-8c1d-7f0e2a3b4c5d' };
const introspected = {
  ...shared,
  active: true,
  iss: issuer,
  scope: 'notes:read',
  exp: 4_000_000_000,
  iat: 1_735_815_600,
  nbf: 1_735_815_600,
  token_type: 'Bearer',
  token_use: 'access_token',
};
const caller = { clientId: client, subject: sub, scopes: ['notes:read'], audience: [MCP] };
const idToken = { sub, aud: [client], at_hash: 'VZ6cU0Ay0RKB5EosbWuTCQ', sid: 's' };

export const hydra: PageProvider = {
  page: 'hydra.md',
  name: 'Ory Hydra',
  issuer,
  header: { typ: 'JWT' },
  documents: {
    [`${issuer}/.well-known/oauth-authorization-server`]: {
      issuer,
      authorization_endpoint: `${issuer}/oauth2/auth`,
      token_endpoint: `${issuer}/oauth2/token`,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      registration_endpoint: `${issuer}/oauth2/register`,
      response_types_supported: ['code', 'code id_token', 'id_token', 'token'],
      grant_types_supported: ['authorization_code', 'client_credentials', 'refresh_token'],
      code_challenge_methods_supported: ['plain', 'S256'],
    },
  },
  introspectionEndpoint: 'https://hydra-admin.example.com/admin/oauth2/introspect',
  examples: [
    {
      heading: 'Opaque tokens',
      accepted: [
        {
          name: 'an access token',
          isOpaque: true,
          claims: introspected,
          needs: 'notes:read',
          caller,
        },
      ],
      refused: [
        {
          name: 'a token without an audience',
          isOpaque: true,
          claims: { ...introspected, aud: [] },
          status: 401,
          description: AUDIENCE,
        },
        {
          name: 'a refresh token',
          isOpaque: true,
          claims: { ...introspected, token_use: 'refresh_token' },
          status: 401,
          description: TYPE,
        },
        {
          name: 'a revoked token',
          isOpaque: true,
          claims: { active: false },
          status: 401,
          description: 'The access token is not valid.',
        },
        { name: 'an ID token', claims: idToken, status: 401, description: AUDIENCE },
        {
          name: 'a token without the scope',
          isOpaque: true,
          claims: introspected,
          needs: 'notes:write',
          status: 403,
          description: SCOPE,
        },
      ],
    },
    {
      heading: 'JWTs',
      accepted: [{ name: 'an access token', claims: jwt, needs: 'notes:read', caller }],
      refused: [
        {
          name: 'a token without an audience',
          claims: { ...jwt, aud: [] },
          status: 401,
          description: AUDIENCE,
        },
        { name: 'an ID token', claims: idToken, status: 401, description: AUDIENCE },
        {
          name: 'an ID token with this audience',
          claims: { ...idToken, aud: [client, MCP] },
          status: 401,
          description: TYPE,
        },
      ],
    },
  ],
};
