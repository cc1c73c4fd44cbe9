import { AUDIENCE, CLAIM, TYPE } from './provider.js';
import type { PageProvider } from './page-provider.js';

const issuer = 'https://acme-a1b2c3.zitadel.cloud';
const project = '69234237810729019';
const client = '69234237810729236';
const sub = '77776025198584418';

/** ID tokens have the same audience. */
const shared = { sub, aud: [client, project] };
const idToken = { ...shared, azp: client, jti: undefined };
const claims = {
  ...shared,
  client_id: client,
  jti: '69234237813329048',
  nbf: 1_735_815_600,
  'urn:zitadel:iam:org:project:roles': { editor: { '178204173316174381': 'acme.zitadel.cloud' } },
};
const introspected = {
  ...claims,
  active: true,
  iss: issuer,
  scope: `openid urn:zitadel:iam:org:project:id:${project}:aud`,
  token_type: 'Bearer',
  exp: 4_000_000_000,
  iat: 1_735_815_600,
  username: 'alice@acme.zitadel.cloud',
};

export const zitadel: PageProvider = {
  page: 'zitadel.md',
  name: 'ZITADEL',
  issuer,
  header: { typ: 'JWT' },
  documents: {
    [`${issuer}/.well-known/openid-configuration`]: {
      issuer,
      authorization_endpoint: `${issuer}/oauth/v2/authorize`,
      token_endpoint: `${issuer}/oauth/v2/token`,
      introspection_endpoint: `${issuer}/oauth/v2/introspect`,
      jwks_uri: `${issuer}/oauth/v2/keys`,
    },
  },
  introspectionEndpoint: `${issuer}/oauth/v2/introspect`,
  examples: [
    {
      heading: 'JWTs',
      accepted: [
        { name: 'an access token', claims, caller: { clientId: client, subject: sub, scopes: [] } },
      ],
      refused: [
        {
          name: 'an ID token',
          claims: idToken,
          status: 401,
          description: CLAIM,
        },
        {
          name: 'an ID token with a jti',
          claims: { ...idToken, jti: '1', at_hash: 'VZ6cU0Ay0RKB5EosbWuTCQ' },
          status: 401,
          description: TYPE,
        },
        {
          name: 'a token for another project',
          claims: { ...claims, aud: [client, '11111111111111111'] },
          status: 401,
          description: AUDIENCE,
        },
        {
          name: 'an opaque token',
          isOpaque: true,
          claims: introspected,
          status: 401,
          description: 'The access token is malformed.',
        },
      ],
    },
    {
      heading: 'Opaque tokens',
      accepted: [
        {
          name: 'an access token',
          isOpaque: true,
          claims: introspected,
          caller: { clientId: client, subject: sub, audience: [client, project] },
        },
      ],
      refused: [
        {
          name: 'a token for another project',
          isOpaque: true,
          claims: { active: false },
          status: 401,
          description: 'The access token is not valid.',
        },
        {
          name: 'an ID token',
          claims: idToken,
          status: 401,
          description: CLAIM,
        },
      ],
    },
  ],
};
