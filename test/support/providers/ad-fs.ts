import { AUDIENCE, ISSUER, MCP, withoutScope } from './provider.js';
import type { PageProvider } from './page-provider.js';

const metadataIssuer = 'https://adfs.example.com/adfs';
const issuer = 'http://adfs.example.com/adfs/services/trust';
const client = '7c12c80b-9fb5-4dec-abba-e43254ba4279';

const claims = {
  aud: MCP,
  apptype: 'Public',
  appid: client,
  authmethod: 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport',
  auth_time: '2026-11-05T20:30:17.507Z',
  ver: '1.0',
  scp: 'openid notes:read',
  group: ['editors', 'Domain Users'],
  user_id: '5f4dcc3b-5aa7-65d6-1d83-27deb882cf99',
};

export const adFs: PageProvider = {
  page: 'ad-fs.md',
  name: 'AD FS',
  issuer,
  header: { typ: 'JWT' },
  documents: {
    [`${metadataIssuer}/.well-known/openid-configuration`]: {
      issuer: metadataIssuer,
      access_token_issuer: issuer,
      authorization_endpoint: `${metadataIssuer}/oauth2/authorize/`,
      token_endpoint: `${metadataIssuer}/oauth2/token/`,
      jwks_uri: `${metadataIssuer}/discovery/keys`,
      scopes_supported: ['user_impersonation', 'allatclaims', 'openid'],
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
          caller: { clientId: client, subject: claims.user_id, scopes: ['openid', 'notes:read'] },
        },
      ],
      refused: [
        {
          name: 'an ID token',
          claims: { iss: metadataIssuer, aud: client, sub: 'kM5f', upn: 'alice@example.com' },
          status: 401,
          description: ISSUER,
        },
        {
          name: 'an ID token with all claims, for the resource',
          claims: { ...claims, iss: metadataIssuer },
          status: 401,
          description: ISSUER,
        },
        {
          name: 'a token for the userinfo endpoint',
          claims: { ...claims, aud: 'urn:microsoft:userinfo' },
          status: 401,
          description: AUDIENCE,
        },
        {
          name: 'a token for another Web API',
          claims: { ...claims, aud: `microsoft:identityserver:${client}` },
          status: 401,
          description: AUDIENCE,
        },
        withoutScope(claims, 'notes:write'),
      ],
    },
  ],
};
