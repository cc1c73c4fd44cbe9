import { AUDIENCE, MCP, TYPE, withoutScope } from './provider.js';
import type { PageProvider } from './page-provider.js';

const origin = 'https://auth.example.com';
const issuer = `${origin}/api/auth`;
const sub = 'Z8Qm1xYb2Tn4Vc6W';

const claims = {
  sub,
  aud: MCP,
  client_id: 'YxQbTnVcWzRkLm',
  azp: 'YxQbTnVcWzRkLm',
  scope: 'offline_access notes:read',
  sid: 'b7Hq2LmN4pRs6TuV',
  jti: 'aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY',
};
const caller = { clientId: claims.client_id, subject: sub };
const another = { typ: undefined };

export const betterAuth: PageProvider = {
  page: 'better-auth.md',
  name: 'Better Auth',
  issuer,
  algorithm: 'EdDSA',
  header: { typ: 'at+jwt' },
  documents: {
    [`${origin}/.well-known/oauth-authorization-server/api/auth`]: {
      issuer,
      authorization_endpoint: `${issuer}/oauth2/authorize`,
      token_endpoint: `${issuer}/oauth2/token`,
      jwks_uri: `${issuer}/jwks`,
      introspection_endpoint: `${issuer}/oauth2/introspect`,
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code', 'client_credentials', 'refresh_token'],
      code_challenge_methods_supported: ['S256'],
      client_id_metadata_document_supported: true,
      authorization_response_iss_parameter_supported: true,
    },
  },
  examples: [
    {
      heading: 'Here',
      accepted: [
        { name: 'an access token', claims, needs: 'notes:read', caller },
        {
          name: 'an access token for the resource and the userinfo endpoint',
          claims: { ...claims, aud: [MCP, `${issuer}/oauth2/userinfo`] },
          caller,
        },
        {
          name: 'the token of a client that acts for itself',
          claims: { ...claims, sub: claims.client_id, sid: undefined },
          caller: { ...caller, subject: claims.client_id },
        },
      ],
      refused: [
        {
          name: 'a session JWT with this audience',
          header: another,
          claims: { sub, aud: MCP, email: 'alice@example.com' },
          status: 401,
          description: TYPE,
        },
        {
          name: 'an ID token',
          header: another,
          claims: { sub, aud: claims.client_id, at_hash: 'VZ6cU0Ay0RKB5EosbWuTCQ' },
          status: 401,
          description: TYPE,
        },
        {
          name: 'a token for another resource',
          claims: { ...claims, aud: 'https://other.example.com/mcp' },
          status: 401,
          description: AUDIENCE,
        },
        {
          name: 'a token that was requested without a resource',
          isOpaque: true,
          claims: { active: true, client_id: claims.client_id },
          status: 401,
          description: 'The access token is malformed.',
        },
        {
          name: 'a token that is bound by DPoP, sent as Bearer',
          claims: { ...claims, cnf: { jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' } },
          status: 401,
          description:
            'The access token is bound to a key, but the request does not prove possession of it.',
        },
        withoutScope(claims, 'notes:write'),
      ],
    },
  ],
};
