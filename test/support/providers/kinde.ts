import { AUDIENCE, MCP, SCOPE } from './provider.js';
import type { PageProvider } from './page-provider.js';

const issuer = 'https://example.kinde.com';
const client = 'dee7f3c57b3c47e8b96edde2c7ecab7d';
const sub = 'kp_1a2b3c4d5e6f';

const claims = {
  aud: [MCP],
  azp: client,
  jti: 'fbb6bc62-464e-4256-8ea4-8fb9a645b123',
  org_code: 'org_1a2b3c4d5e6f',
  permissions: ['read:notes'],
  scp: ['openid', 'profile', 'email', 'offline'],
  sub,
};

export const kinde: PageProvider = {
  page: 'kinde.md',
  name: 'Kinde',
  issuer,
  header: { typ: undefined },
  documents: {
    [`${issuer}/.well-known/openid-configuration`]: {
      issuer,
      authorization_endpoint: `${issuer}/oauth2/auth`,
      token_endpoint: `${issuer}/oauth2/token`,
      jwks_uri: `${issuer}/.well-known/jwks`,
    },
  },
  examples: [
    {
      heading: 'Here',
      accepted: [
        {
          name: 'an access token',
          claims,
          needs: 'read:notes',
          caller: { clientId: client, subject: sub, scopes: ['read:notes'] },
        },
      ],
      refused: [
        {
          name: 'a token that was requested without an audience',
          claims: { ...claims, aud: [] },
          status: 401,
          description: AUDIENCE,
        },
        {
          name: 'a token for another API',
          claims: { ...claims, aud: ['myapp:prod-api'] },
          status: 401,
          description: AUDIENCE,
        },
        {
          name: 'an ID token',
          claims: { sub, aud: [issuer], azp: client, at_hash: 'VZ6cU0Ay0RKB5EosbWuTCQ' },
          status: 401,
          description: AUDIENCE,
        },
        {
          name: 'a token without the permission',
          claims,
          needs: 'write:notes',
          status: 403,
          description: SCOPE,
        },
      ],
    },
  ],
};
