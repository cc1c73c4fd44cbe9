import { AUDIENCE, CLAIM, ISSUER, withoutScope } from './provider.js';
import type { PageProvider } from './page-provider.js';

const issuer = 'https://login.example.com';
const project = 'project-live-c60c0abe-c25a-4472-a9ed-320c6667d317';
const client = 'connected-app-live-d731954d-dab3-4a2b-bdee-07f3ad1be888';
const sub = 'user-live-16d9ba61-97a1-4ba4-9720-b03761dc50c6';

const claims = {
  sub,
  aud: [project],
  client_id: client,
  jti: 'LOe49j3s9d9dmacslUvrb15ZIjPbptMm7fS5UlE52JCF',
  scope: 'openid email read:notes',
};

export const stytch: PageProvider = {
  page: 'stytch.md',
  name: 'Stytch',
  issuer,
  header: { typ: 'JWT' },
  documents: {
    [`${issuer}/.well-known/oauth-authorization-server`]: {
      issuer,
      authorization_endpoint: 'https://www.example.com/oauth2/authorize',
      token_endpoint: `${issuer}/v1/oauth2/token`,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code'],
      client_id_metadata_document_supported: true,
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
          caller: { clientId: client, subject: sub, scopes: ['openid', 'email', 'read:notes'] },
        },
      ],
      refused: [
        {
          name: 'a session JWT',
          claims: { sub, aud: [project], 'https://stytch.com/session': { id: 'session-live-1' } },
          status: 401,
          description: CLAIM,
        },
        {
          name: 'an ID token',
          claims: { sub, aud: [client], name: 'Jane Doe', email: 'sandbox@stytch.com' },
          status: 401,
          description: CLAIM,
        },
        {
          name: 'a token of another project',
          claims: { ...claims, aud: ['project-live-0'] },
          status: 401,
          description: AUDIENCE,
        },
        {
          name: 'a token that was requested at stytch.com',
          claims: { ...claims, iss: `stytch.com/${project}` },
          status: 401,
          description: ISSUER,
        },
        withoutScope(claims, 'write:notes'),
      ],
    },
  ],
};
