import { AUDIENCE, ISSUER, SCOPE, TYPE } from './provider.js';
import type { PageProvider } from './page-provider.js';

const tenant = 'aaaabbbb-0000-cccc-1111-dddd2222eeee';
const external = `https://${tenant}.ciamlogin.com/${tenant}/v2.0`;
const externalApi = '00001111-aaaa-2222-bbbb-3333cccc4444';
const client = '11112222-bbbb-3333-cccc-4444dddd5555';
const oid = '22223333-cccc-4444-dddd-5555eeee6666';
const externalClaims = {
  ver: '2.0',
  tid: tenant,
  aud: externalApi,
  azp: client,
  azpacr: '0',
  oid,
  sub: 'AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ',
  scp: 'Notes.Read',
};

const b2c = 'https://contoso.b2clogin.com';
const b2cTenant = '775527ff-9a37-4307-8b3d-cc311f58d925';
const policy = 'b2c_1_signupsignin1';
const b2cIssuer = `${b2c}/tfp/${b2cTenant}/${policy}/v2.0/`;
const b2cApi = '90c0fe63-bcf2-44d5-8fb7-b8bbc0b29dc6';
const b2cClaims = {
  ver: '1.0',
  aud: b2cApi,
  azp: '975251ed-e4f5-4efd-abcb-5f1a8f566ab7',
  sub: '884408e1-2918-4c30-b12d-3aa027d7563b',
  tfp: policy,
  auth_time: 1_735_815_600,
  scp: 'notes.read',
};

export const externalId: PageProvider = {
  page: 'external-id.md',
  name: 'Microsoft',
  issuer: external,
  header: { typ: 'JWT' },
  documents: {
    [`${external}/.well-known/openid-configuration`]: {
      issuer: external,
      authorization_endpoint: `https://${tenant}.ciamlogin.com/${tenant}/oauth2/v2.0/authorize`,
      jwks_uri: `https://${tenant}.ciamlogin.com/${tenant}/discovery/v2.0/keys`,
    },
    [`${b2cIssuer}.well-known/openid-configuration`]: {
      issuer: b2cIssuer,
      authorization_endpoint: `${b2c}/contoso.onmicrosoft.com/${policy}/oauth2/v2.0/authorize`,
      jwks_uri: `${b2c}/contoso.onmicrosoft.com/${policy}/discovery/v2.0/keys`,
    },
  },
  examples: [
    {
      heading: 'Entra External ID',
      accepted: [
        {
          name: 'the token of a user',
          claims: externalClaims,
          needs: 'Notes.Read',
          caller: { clientId: client, subject: oid, scopes: ['Notes.Read'] },
        },
      ],
      refused: [
        {
          name: 'an ID token',
          claims: { ...externalClaims, aud: client, scp: undefined, nonce: 'n' },
          status: 401,
          description: AUDIENCE,
        },
        {
          name: 'a token for another API',
          claims: { ...externalClaims, aud: '99998888-7777-6666-5555-444433332222' },
          status: 401,
          description: AUDIENCE,
        },
        {
          name: 'a token of another tenant',
          claims: { ...externalClaims, iss: external.replaceAll('aaaabbbb', 'bbbbcccc') },
          status: 401,
          description: ISSUER,
        },
        {
          name: 'a token without the scope, whose challenge has the longer name',
          claims: externalClaims,
          needs: 'Notes.Write',
          status: 403,
          description: SCOPE,
          challenge: `scope="api://${externalApi}/Notes.Write"`,
        },
      ],
    },
    {
      heading: 'Azure AD B2C',
      issuer: b2cIssuer,
      accepted: [
        {
          name: 'the token of a user',
          claims: b2cClaims,
          needs: 'notes.read',
          caller: { clientId: b2cClaims.azp, subject: b2cClaims.sub, scopes: ['notes.read'] },
        },
      ],
      refused: [
        {
          name: 'an ID token',
          claims: { ...b2cClaims, aud: b2cClaims.azp, azp: undefined, scp: undefined },
          status: 401,
          description: AUDIENCE,
        },
        {
          name: 'an ID token with a nonce, of a client that is the API itself',
          claims: { ...b2cClaims, azp: undefined, scp: undefined, nonce: '12345' },
          status: 401,
          description: TYPE,
        },
        {
          name: 'a token for another API',
          claims: { ...b2cClaims, aud: '99998888-7777-6666-5555-444433332222' },
          status: 401,
          description: AUDIENCE,
        },
        {
          name: 'a token of another policy',
          claims: { ...b2cClaims, iss: `${b2c}/tfp/${b2cTenant}/b2c_1_edit/v2.0/` },
          status: 401,
          description: ISSUER,
        },
        {
          name: 'a token with the default issuer',
          claims: { ...b2cClaims, iss: `${b2c}/${b2cTenant}/v2.0/` },
          status: 401,
          description: ISSUER,
        },
        {
          name: 'a token without the scope, whose challenge has the longer name',
          claims: b2cClaims,
          needs: 'notes.write',
          status: 403,
          description: SCOPE,
          challenge: 'scope="https://contoso.onmicrosoft.com/notes-api/notes.write"',
        },
      ],
    },
  ],
};
