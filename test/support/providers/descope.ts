import { AUDIENCE, ISSUER, MCP, withoutScope } from './provider.js';
import type { PageProvider } from './page-provider.js';

const api = 'https://api.descope.com';
const project = 'P32juVkF2iM8wAGoM8PiLkGi6POV';
const agentic = `${api}/v1/apps/agentic/${project}`;
const server = `${agentic}/MS35d1Xw1Yo6zozsW7n8BU6xLmnAs`;
const endpoints = `${api}/oauth2/v1/apps/agentic/${project}/MS35d1Xw1Yo6zozsW7n8BU6xLmnAs`;

const claims = { sub: 'U2v9EBlmO4XTrOwMRfsY1jeUONxU', aud: [MCP], scope: 'notes:read' };
const caller = { subject: claims.sub, scopes: ['notes:read'] };

export const descope: PageProvider = {
  page: 'descope.md',
  name: 'Descope',
  issuer: server,
  header: { typ: undefined },
  documents: {
    [`${server}/.well-known/openid-configuration`]: {
      issuer: server,
      jwks_uri: `${api}/${project}/.well-known/jwks.json`,
      authorization_endpoint: `${endpoints}/authorize`,
      token_endpoint: `${endpoints}/token`,
      response_types_supported: ['code'],
      id_token_signing_alg_values_supported: ['RS256'],
    },
  },
  examples: [
    {
      heading: 'Here',
      accepted: [
        { name: 'an access token', claims, needs: 'notes:read', caller },
        {
          name: 'an access token with the issuer of the project',
          claims: { ...claims, iss: `${api}/v1/apps/${project}` },
          needs: 'notes:read',
          caller,
        },
      ],
      refused: [
        {
          name: 'a token for another MCP server',
          claims: { ...claims, aud: ['https://other.example.com/mcp'] },
          status: 401,
          description: AUDIENCE,
        },
        {
          name: 'a token with the issuer of another MCP server',
          claims: { ...claims, iss: `${agentic}/MS00000000000000000000000000` },
          status: 401,
          description: ISSUER,
        },
        {
          name: 'a token with the project as its audience',
          claims: { ...claims, aud: ['client', project] },
          status: 401,
          description: AUDIENCE,
        },
        {
          name: 'a token of another project',
          claims: { ...claims, iss: `${api}/v1/apps/P00000000000000000000000000` },
          status: 401,
          description: ISSUER,
        },
        withoutScope(claims, 'notes:write'),
      ],
    },
  ],
};
