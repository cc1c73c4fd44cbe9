import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { Configuration } from 'oidc-provider';
import { errors } from './oidc-provider.js';
import type { AuthorizationServerOptions } from './options.js';
import { errorPage } from './pages.js';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Returns a configuration of oidc-provider that meets the requirements of MCP. */
export function providerConfiguration(options: AuthorizationServerOptions): Configuration {
  const { resources, users, shapeToken } = options;
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' }] },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    scopes: ['openid', 'offline_access', ...resources.flatMap(({ scopes }) => scopes)],
    responseTypes: ['code'],
    // A client may ask for no scope (RFC 6749, section 3.3). It then gets a token that allows nothing yet.
    // The challenge of an operation names the scopes that it needs, and the client asks again: a step-up.
    extraParams: {
      scope: ({ oidc }, scope) => {
        Object.assign(oidc.params ?? {}, { scope: scope ?? 'openid' });
      },
    },
    pkce: { required: () => true },
    // The only signing key is for ES256. With the default, RS256, every registration would fail.
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    // The scopes that a client names at registration do not limit it, because it may need more
    // scopes later (step-up). The scopes of the user are the limit.
    extraClientMetadata: {
      properties: ['scope'],
      validator: (_context, _key, _value, metadata) => {
        delete metadata.scope;
      },
    },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      registration: { enabled: true, issueRegistrationAccessToken: false },
      clientIdMetadataDocument: { enabled: true, ack: 'draft-02' },
      resourceIndicators: {
        enabled: true,
        // Clients that do not know RFC 8707 name no resource. They get tokens for the first one.
        defaultResource: (_context, _client, oneOf) => oneOf ?? resources[0]?.resource ?? [],
        useGrantedResource: () => true,
        getResourceServerInfo: (_context, indicator) => {
          const known = resources.find(({ resource }) => resource === indicator);
          if (!known) throw new errors.InvalidTarget();
          return {
            scope: known.scopes.join(' '),
            audience: known.resource,
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: 'ES256' } },
          };
        },
      },
    },
    findAccount: (_context, subject) =>
      users.some(({ username }) => username === subject)
        ? { accountId: subject, claims: () => ({ sub: subject }) }
        : undefined,
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    issueRefreshToken: (_context, client) => client.grantTypeAllowed('refresh_token'),
    clientBasedCORS: () => true,
    renderError: (context, { error, error_description: description }) => {
      context.type = 'html';
      context.body = errorPage(description ?? error);
    },
    ttl: {
      AccessToken: HOUR,
      AuthorizationCode: MINUTE,
      Grant: 14 * DAY,
      IdToken: HOUR,
      Interaction: 15 * MINUTE,
      RefreshToken: 14 * DAY,
      Session: DAY,
    },
    ...(options.fetch && { fetch: options.fetch }),
    ...(shapeToken && {
      formats: {
        customizers: {
          jwt: (_context, _token, { payload }) => {
            shapeToken(payload);
          },
        },
      },
    }),
  };
}
