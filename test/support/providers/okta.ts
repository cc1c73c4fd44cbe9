import { AUDIENCE, ISSUER, MCP, withoutScope, type Provider } from './provider.js';

const issuer = 'https://example.okta.com/oauth2/aus1a2b3c4D5e6F7g8h9';

const claims = {
  ver: 1,
  jti: 'AT.0mP4JKAZX1iACIT4vbEDF7LpvDVjxypPMf0D7uX39RE',
  aud: MCP,
  sub: 'alice@example.com',
  cid: '0oa1a2b3c4D5e6F7g8h9',
  uid: '00uid4BxXw6I6TV4m0g3',
  scp: ['openid', 'notes:read'],
};

export const okta: Provider = {
  name: 'Okta, a custom authorization server',
  issuer,
  header: { typ: undefined },
  options: (server) => ({
    metadata: { resource: MCP, authorizationServers: [server] },
    claims: { subject: ({ uid, cid }) => (uid ?? cid) as string },
  }),
  accepted: [
    {
      name: 'the token of a user',
      claims,
      needs: 'notes:read',
      caller: { clientId: claims.cid, subject: claims.uid, scopes: ['openid', 'notes:read'] },
    },
    {
      name: 'the token of a service',
      claims: { ...claims, sub: claims.cid, uid: undefined, scp: ['notes:read'] },
      caller: { clientId: claims.cid, subject: claims.cid },
    },
  ],
  refused: [
    {
      name: 'a token of the org authorization server',
      claims: { ...claims, iss: 'https://example.okta.com', aud: 'https://example.okta.com' },
      status: 401,
      description: ISSUER,
    },
    {
      name: 'an ID token',
      claims: {
        ver: 1,
        sub: claims.uid,
        aud: claims.cid,
        jti: 'ID.4eAWJOCMB3SX8XewDfVR',
        amr: ['pwd'],
      },
      status: 401,
      description: AUDIENCE,
    },
    {
      name: 'the default audience of the default server',
      claims: { ...claims, aud: 'api://default' },
      status: 401,
      description: AUDIENCE,
    },
    withoutScope(claims, 'notes:write'),
  ],
};
