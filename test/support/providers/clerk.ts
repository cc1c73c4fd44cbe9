import { AUDIENCE, MCP, TYPE, withoutScope } from './provider.js';
import type { PageProvider } from './page-provider.js';

const issuer = 'https://verb-noun-00.clerk.accounts.dev';

const session = { sub: 'user_2vYVtest', sid: 'sess_2vYVtest', azp: 'https://example.com', v: 2 };
const withoutServer = {
  sub: session.sub,
  client_id: 'client_2VTWUzvGC5',
  jti: 'oat_2xKa9Bgv7NxM',
  scope: 'openid notes:read',
};
const claims = { ...withoutServer, aud: MCP };
const caller = { clientId: claims.client_id, subject: claims.sub };

export const clerk: PageProvider = {
  page: 'clerk.md',
  name: 'Clerk',
  issuer,
  header: { typ: 'at+jwt' },
  documents: {
    [`${issuer}/.well-known/oauth-authorization-server`]: {
      issuer,
      authorization_endpoint: `${issuer}/oauth/authorize`,
      token_endpoint: `${issuer}/oauth/token`,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      client_id_metadata_document_supported: true,
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
          caller: { ...caller, scopes: ['openid', 'notes:read'] },
        },
        {
          name: 'an access token of the longer type, with an array of scopes',
          header: { typ: 'application/at+jwt' },
          claims: { ...claims, scope: undefined, scp: ['openid', 'notes:read'] },
          needs: 'notes:read',
          caller,
        },
      ],
      refused: [
        {
          name: 'a session token with an audience of its own',
          header: { typ: 'JWT' },
          claims: { ...session, aud: MCP },
          status: 401,
          description: TYPE,
        },
        {
          name: 'an ID token',
          header: { typ: 'JWT' },
          claims: { sub: session.sub, aud: claims.client_id, jti: 'id', name: 'Alice' },
          status: 401,
          description: TYPE,
        },
        {
          name: 'a token without a registered MCP server',
          claims: withoutServer,
          status: 401,
          description: AUDIENCE,
        },
        {
          name: 'a token for another MCP server',
          claims: { ...claims, aud: 'https://other.example.com/mcp' },
          status: 401,
          description: AUDIENCE,
        },
        {
          name: 'an opaque token',
          isOpaque: true,
          claims: { active: true },
          status: 401,
          description: 'The access token is malformed.',
        },
        withoutScope(claims, 'notes:write'),
      ],
    },
  ],
};
