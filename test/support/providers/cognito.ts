import type { Claims } from 'nestjs-mcp-auth';
import { AUDIENCE, MCP, withoutScope, type Provider } from './provider.js';

const issuer = 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_EXAMPLE';
const client = '1example23456789';

const claims = {
  sub: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
  'cognito:groups': ['staff'],
  client_id: client,
  origin_jti: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeee1',
  event_id: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeee2',
  token_use: 'access',
  scope: `openid ${MCP}/read`,
  version: 2,
  username: 'alice',
};

const idToken = {
  sub: claims.sub,
  aud: client,
  token_use: 'id',
  'cognito:username': 'alice',
  email: 'alice@example.com',
  email_verified: true,
};

/** Returns the resource servers of the custom scopes. A custom scope is `<resource server>/<name>`. */
const resourceServers = ({ scope }: Claims) =>
  String(scope)
    .split(' ')
    .filter((name) => name.includes('/'))
    .map((name) => name.slice(0, name.lastIndexOf('/')));

export const cognitoResourceServer: Provider = {
  name: 'Amazon Cognito, by the resource server of the scopes',
  issuer,
  header: { typ: undefined },
  options: (server) => ({
    metadata: { resource: MCP, authorizationServers: [server] },
    claims: { audience: resourceServers },
  }),
  accepted: [
    {
      name: 'an access token',
      claims,
      needs: `${MCP}/read`,
      caller: { clientId: client, subject: claims.sub, audience: [MCP] },
    },
    {
      name: 'a token for several resource servers',
      claims: { ...claims, scope: `https://other.example.com/read ${MCP}/read` },
      caller: { audience: ['https://other.example.com', MCP] },
    },
  ],
  refused: [
    { name: 'an ID token', claims: idToken, status: 401, description: AUDIENCE },
    {
      name: 'a token for another resource server',
      claims: { ...claims, scope: 'openid https://other.example.com/mcp/read' },
      status: 401,
      description: AUDIENCE,
    },
    {
      name: 'a token for a resource server below this resource server',
      claims: { ...claims, scope: `${MCP}/more/read` },
      status: 401,
      description: AUDIENCE,
    },
    {
      name: 'a token of the SDK, which has no custom scope',
      claims: { ...claims, scope: 'aws.cognito.signin.user.admin' },
      status: 401,
      description: AUDIENCE,
    },
    withoutScope(claims, `${MCP}/write`),
  ],
};

export const cognitoClient: Provider = {
  name: 'Amazon Cognito, by the app client',
  issuer,
  header: { typ: undefined },
  options: (server) => ({
    metadata: { resource: MCP, authorizationServers: [server] },
    audience: client,
    claims: { audience: 'client_id' },
  }),
  accepted: [{ name: 'an access token', claims, caller: { clientId: client, audience: client } }],
  refused: [
    { name: 'an ID token', claims: idToken, status: 401, description: AUDIENCE },
    {
      name: 'a token of another app client',
      claims: { ...claims, client_id: '2example23456789' },
      status: 401,
      description: AUDIENCE,
    },
  ],
};

export const cognitoResourceBinding: Provider = {
  name: 'Amazon Cognito, with resource binding',
  issuer,
  header: { typ: undefined },
  options: (server) => ({ metadata: { resource: MCP, authorizationServers: [server] } }),
  accepted: [
    { name: 'an access token', claims: { ...claims, aud: MCP }, caller: { audience: MCP } },
  ],
  refused: [
    { name: 'a token that is bound to nothing', claims, status: 401, description: AUDIENCE },
    { name: 'an ID token', claims: idToken, status: 401, description: AUDIENCE },
  ],
};
