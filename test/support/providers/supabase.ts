import { AUDIENCE, CLAIM, ISSUER, MCP, SCOPE } from './provider.js';
import type { PageProvider } from './page-provider.js';

const project = 'https://abcdefghijklmnopqrst.supabase.co';
const issuer = `${project}/auth/v1`;
const client = '9a8b7c6d-5e4f-3a2b-1c0d-9e8f7a6b5c4d';
const user = '8ccaa7af-909f-44e7-84cb-67cdccb56be6';

/** The claims of a user who logged in at the frontend of the project. */
const session = {
  sub: user,
  role: 'authenticated',
  aud: 'authenticated',
  email: 'user@example.com',
  phone: '',
  aal: 'aal1',
  amr: [{ method: 'password', timestamp: 1735815600 }],
  session_id: '4b938a09-5372-4177-a314-cfa292099ea2',
  is_anonymous: false,
};
const withoutHook = { ...session, user_id: user, client_id: client };
const claims = { ...withoutHook, aud: MCP };

export const supabase: PageProvider = {
  page: 'supabase.md',
  name: 'Supabase',
  issuer,
  algorithm: 'ES256',
  header: { typ: 'JWT' },
  documents: {
    [`${project}/.well-known/oauth-authorization-server/auth/v1`]: {
      issuer,
      authorization_endpoint: `${issuer}/oauth/authorize`,
      token_endpoint: `${issuer}/oauth/token`,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      registration_endpoint: `${issuer}/oauth/clients/register`,
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      scopes_supported: ['openid', 'profile', 'email', 'phone'],
      code_challenge_methods_supported: ['S256', 'plain'],
    },
  },
  examples: [
    {
      heading: 'Here',
      accepted: [
        { name: 'a token of the hook', claims, caller: { clientId: client, subject: user } },
      ],
      refused: [
        {
          name: 'a token without the hook',
          claims: withoutHook,
          status: 401,
          description: AUDIENCE,
        },
        { name: 'a session of the frontend', claims: session, status: 401, description: CLAIM },
        {
          name: 'a session of the frontend, for the resource',
          claims: { ...session, aud: MCP },
          status: 401,
          description: CLAIM,
        },
        {
          name: 'an ID token',
          claims: { sub: user, aud: client, nonce: 'n', email: 'user@example.com' },
          status: 401,
          description: CLAIM,
        },
        {
          name: 'a token of another project',
          claims: { ...claims, iss: 'https://zyxwvutsrqponmlkjihg.supabase.co/auth/v1' },
          status: 401,
          description: ISSUER,
        },
        {
          name: 'a scope of your own, which no token has',
          claims: { ...claims, scope: 'openid email' },
          needs: 'notes:read',
          status: 403,
          description: SCOPE,
        },
      ],
    },
  ],
};
