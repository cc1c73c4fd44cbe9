import type { Claims } from 'nestjs-mcp-auth';
import { AUDIENCE, ISSUER, MCP, SCOPE, type Provider } from './provider.js';

const tenant = 'aaaabbbb-0000-cccc-1111-dddd2222eeee';
const v1 = `https://sts.windows.net/${tenant}/`;
const v2 = `https://login.microsoftonline.com/${tenant}/v2.0`;
/** The application ids of the API and of the client. */
const api = '00001111-aaaa-2222-bbbb-3333cccc4444';
const client = '11112222-bbbb-3333-cccc-4444dddd5555';

const user = {
  oid: '22223333-cccc-4444-dddd-5555eeee6666',
  sub: 'AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ',
  tid: tenant,
};
const v1Claims = {
  ...user,
  ver: '1.0',
  aud: `api://${api}`,
  appid: client,
  appidacr: '0',
  scp: 'Todos.Read Todos.Write',
};
const v2Claims = {
  ...user,
  ver: '2.0',
  aud: api,
  azp: client,
  azpacr: '0',
  scp: 'Todos.Read Todos.Write',
};
/** The claims of an application that acts for itself: no user, no `scp`. */
const application = { sub: client, oid: client, idtyp: 'app', scp: undefined };
const idToken = { ...user, ver: '2.0', aud: client, name: 'Alice', nonce: 'n' };

/** Returns the name by which clients request a scope. */
const long = (scope: string) => `api://${api}/${scope}`;
const TODOS = ['Todos.Read', 'Todos.Write'];

const scopesAndRoles = ({ scp = '', roles = [] }: Claims) => [
  ...String(scp).split(' ').filter(Boolean),
  ...(Array.isArray(roles) ? roles.map(String) : []),
];

export const entraV2: Provider = {
  name: 'Microsoft Entra ID, version 2',
  issuer: v2,
  header: { typ: 'JWT' },
  options: (server) => ({
    metadata: { resource: MCP, authorizationServers: [server] },
    audience: api,
    scopePrefix: `api://${api}/`,
    claims: { subject: 'oid' },
  }),
  accepted: [
    {
      name: 'the token of a user',
      claims: v2Claims,
      needs: 'Todos.Write',
      caller: { clientId: client, subject: user.oid, scopes: TODOS },
    },
  ],
  refused: [
    {
      name: 'a token of version 1, which names another issuer',
      claims: { ...v1Claims, iss: v1 },
      status: 401,
      description: ISSUER,
    },
    {
      name: 'a token of another tenant',
      claims: { ...v2Claims, iss: v2.replace('aaaabbbb', 'bbbbcccc'), tid: 'b' },
      status: 401,
      description: ISSUER,
    },
    { name: 'an ID token', claims: idToken, status: 401, description: AUDIENCE },
    {
      name: 'a token for Microsoft Graph',
      claims: { ...v2Claims, aud: '00000003-0000-0000-c000-000000000000' },
      status: 401,
      description: AUDIENCE,
    },
    {
      name: 'a token without the scope, with a challenge that names the scope as clients request it',
      claims: { ...v2Claims, scp: 'Todos.Read' },
      needs: 'Todos.Write',
      status: 403,
      description: SCOPE,
      challenge: `scope="${long('Todos.Write')}"`,
    },
    {
      name: 'a token with the scope name that clients request',
      claims: { ...v2Claims, scp: long('Todos.Write') },
      needs: 'Todos.Write',
      status: 403,
      description: SCOPE,
    },
    {
      name: 'an app role in place of a scope',
      claims: { ...v2Claims, ...application, roles: ['Todos.Read'] },
      needs: 'Todos.Read',
      status: 403,
      description: SCOPE,
    },
  ],
};

export const entraV2Roles: Provider = {
  name: 'Microsoft Entra ID, version 2, with app roles as scopes',
  issuer: v2,
  header: { typ: 'JWT' },
  options: (server) => ({
    ...entraV2.options(server),
    claims: { scopes: scopesAndRoles, subject: 'oid' },
  }),
  accepted: [
    {
      name: 'the token of a user with an app role',
      claims: { ...v2Claims, roles: ['Todos.Admin'] },
      needs: 'Todos.Admin',
      caller: { scopes: [...TODOS, 'Todos.Admin'] },
    },
    {
      name: 'the token of an application',
      claims: { ...v2Claims, ...application, roles: ['Todos.Read.All'] },
      needs: 'Todos.Read.All',
      caller: { clientId: client, subject: client, scopes: ['Todos.Read.All'] },
    },
  ],
  refused: [
    {
      name: 'the token of an application without a role',
      claims: { ...v2Claims, ...application },
      needs: 'Todos.Read',
      status: 403,
      description: SCOPE,
      challenge: `scope="${long('Todos.Read')}"`,
    },
  ],
};

export const entraV1: Provider = {
  name: 'Microsoft Entra ID, version 1',
  issuer: v1,
  header: { typ: 'JWT' },
  options: (server) => ({
    metadata: { resource: MCP, authorizationServers: [server] },
    audience: [`api://${api}`, api],
    scopePrefix: `api://${api}/`,
    claims: { clientId: 'appid', subject: 'oid' },
  }),
  accepted: [
    {
      name: 'the token of a user',
      claims: v1Claims,
      needs: 'Todos.Read',
      caller: { clientId: client, subject: user.oid, scopes: TODOS },
    },
    {
      name: 'a token with the id of the API as audience',
      claims: { ...v1Claims, aud: api },
      caller: { audience: api },
    },
  ],
  refused: [
    {
      name: 'a token of version 2, which names another issuer',
      claims: { ...v2Claims, iss: v2 },
      status: 401,
      description: ISSUER,
    },
    {
      name: 'a token for another API',
      claims: { ...v1Claims, aud: 'api://99998888-7777-6666-5555-444433332222' },
      status: 401,
      description: AUDIENCE,
    },
  ],
};
