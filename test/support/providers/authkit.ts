import { AUDIENCE, MCP, withoutScope } from './provider.js';
import type { PageProvider } from './page-provider.js';

const issuer = 'https://imaginative-palm-54.authkit.app';
const environment = 'client_01JP8BD0CZ401TDF9X54NT5ZEK';

const claims = {
  aud: MCP,
  sub: 'user_01E4ZCR3C56J083X43JQXF3JK5',
  client_id: 'client_01JPXN6KF7NAEAZTFDYESAE0KX',
  org_id: 'org_01EHZNVPK3SFK441A1RGBFSHRT',
  sid: 'app_consent_01E4ZCR3C56J083X43JQXF3JK5',
  scope: 'openid notes:read',
  jti: '01JMGA70GA2W47M7Z53JG355GW',
};

export const authkit: PageProvider = {
  page: 'authkit.md',
  name: 'WorkOS AuthKit',
  issuer,
  header: { typ: undefined },
  documents: {
    [`${issuer}/.well-known/oauth-authorization-server`]: {
      issuer,
      authorization_endpoint: `${issuer}/oauth2/authorize`,
      token_endpoint: `${issuer}/oauth2/token`,
      jwks_uri: `${issuer}/oauth2/jwks`,
      response_types_supported: ['code'],
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
          caller: { clientId: claims.client_id, subject: claims.sub, audience: MCP },
        },
      ],
      refused: [
        {
          name: 'a token that was requested without a resource',
          claims: { ...claims, aud: environment },
          status: 401,
          description: AUDIENCE,
        },
        {
          name: 'a token of an M2M application',
          claims: { ...claims, aud: environment, sub: claims.client_id, sid: undefined },
          status: 401,
          description: AUDIENCE,
        },
        {
          name: 'a token for another resource',
          claims: { ...claims, aud: 'https://other.example.com/mcp' },
          status: 401,
          description: AUDIENCE,
        },
        {
          name: 'an ID token',
          claims: { aud: claims.client_id, sub: claims.sub, email: 'alice@example.com' },
          status: 401,
          description: AUDIENCE,
        },
        withoutScope(claims, 'notes:write'),
      ],
    },
  ],
};
