import { AUDIENCE, ISSUER, MCP, withoutScope } from './provider.js';
import type { PageProvider } from './page-provider.js';

const environment = 'https://acme.scalekit.com';
const id = 'res_123456789';
const server = `${environment}/resources/${id}`;

const claims = { sub: 'usr_8967800122X995270', aud: [id, MCP], scope: 'notes:read', jti: 'tkn_1' };
const caller = { subject: claims.sub, scopes: ['notes:read'] };

export const scalekit: PageProvider = {
  page: 'scalekit.md',
  name: 'Scalekit',
  issuer: environment,
  header: { typ: undefined },
  documents: {
    [`${environment}/.well-known/oauth-authorization-server/resources/${id}`]: {
      issuer: server,
      authorization_endpoint: `${server}/oauth/authorize`,
      token_endpoint: `${environment}/oauth/token`,
      jwks_uri: `${environment}/keys`,
    },
  },
  examples: [
    {
      heading: 'Here',
      accepted: [
        { name: 'an access token', claims, needs: 'notes:read', caller },
        {
          name: 'an access token with the newer issuer',
          claims: { ...claims, iss: server },
          needs: 'notes:read',
          caller,
        },
      ],
      refused: [
        {
          name: 'a token for another MCP server',
          claims: { ...claims, aud: ['res_987654321', 'https://other.example.com/mcp'] },
          status: 401,
          description: AUDIENCE,
        },
        {
          name: 'a token for another MCP server, with the newer issuer',
          claims: { ...claims, iss: `${environment}/resources/res_987654321` },
          status: 401,
          description: ISSUER,
        },
        {
          name: 'a token without a Server URL',
          claims: { ...claims, aud: [id] },
          status: 401,
          description: AUDIENCE,
        },
        {
          name: 'an ID token',
          claims: { sub: claims.sub, aud: ['skc_987654321098765432'], email: 'alice@example.com' },
          status: 401,
          description: AUDIENCE,
        },
        {
          name: 'a token of another environment',
          claims: { ...claims, iss: 'https://other.scalekit.com' },
          status: 401,
          description: ISSUER,
        },
        withoutScope(claims, 'notes:write'),
      ],
    },
  ],
};
