import { AUDIENCE, CLAIM, ISSUER, TYPE } from './provider.js';
import type { PageProvider } from './page-provider.js';

const origin = 'https://authentik.example.com';
const issuer = `${origin}/application/o/notes/`;
const client = 'Zr5mW1h3c0pQyX8kT2vB9nLdS4gF7jAe';

const idToken = {
  sub: '2f1c8e7d0b9a4c3e5f6a7b8c9d0e1f2a3b4c5d6e7f8091a2b3c4d5e6f7a8b9c0',
  aud: client,
  auth_time: 1_735_815_600,
  acr: 'goauthentik.io/providers/oauth2/default',
  amr: ['pwd', 'mfa'],
  groups: ['editors'],
};
const claims = { ...idToken, azp: client, uid: 'o3hZ8Qm1xYb2Tn4Vc6WrKd5Lp7Sg9FjA' };

export const authentik: PageProvider = {
  page: 'authentik.md',
  name: 'authentik',
  issuer,
  header: { typ: 'JWT' },
  documents: {
    [`${origin}/application/o/notes/.well-known/openid-configuration`]: {
      issuer,
      authorization_endpoint: `${origin}/application/o/authorize/`,
      token_endpoint: `${origin}/application/o/token/`,
      introspection_endpoint: `${origin}/application/o/introspect/`,
      jwks_uri: `${origin}/application/o/notes/jwks/`,
      code_challenge_methods_supported: ['plain', 'S256'],
    },
  },
  examples: [
    {
      heading: 'Here',
      accepted: [
        { name: 'an access token', claims, caller: { clientId: client, subject: claims.sub } },
      ],
      refused: [
        { name: 'an ID token', claims: idToken, status: 401, description: CLAIM },
        {
          name: 'a token with a nonce',
          claims: { ...claims, nonce: 'n-0S6_WzA2Mj' },
          status: 401,
          description: TYPE,
        },
        {
          name: 'a token of another application',
          claims: { ...claims, iss: `${origin}/application/o/other/`, aud: 'other' },
          status: 401,
          description: ISSUER,
        },
        {
          name: 'a token of another client with the same issuer',
          claims: { ...claims, aud: 'other', azp: 'other' },
          status: 401,
          description: AUDIENCE,
        },
        {
          name: 'an encrypted token',
          isOpaque: true,
          claims: { active: true },
          status: 401,
          description: 'The access token is malformed.',
        },
      ],
    },
  ],
};
