import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { ClientMetadata, Configuration, ResourceServer } from 'oidc-provider';
import type { DevServerResource } from './dev-server.options.js';
import { errorPage } from './error-page.js';
import type { OidcProvider } from './oidc-provider.js';
import { PAGE_HEADERS } from './page.js';
import type { ResolvedOptions } from './resolved-options.js';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The client of tokens that are issued without a login. It cannot ask for tokens itself. */
export const CURL: ClientMetadata = {
  client_id: 'curl',
  token_endpoint_auth_method: 'none',
  grant_types: [],
  redirect_uris: [],
  response_types: [],
};

/** Returns what `oidc-provider` has to know about the tokens for a resource. */
export function resourceServerOf({ resource, scopes }: DevServerResource): ResourceServer {
  return {
    scope: scopes.join(' '),
    audience: resource,
    accessTokenFormat: 'jwt',
    jwt: { sign: { alg: 'ES256' } },
  };
}

/** Returns the configuration of `oidc-provider`, changed by the option `configure`. */
export function providerConfiguration(oidc: OidcProvider, options: ResolvedOptions): Configuration {
  const standard = standardConfiguration(oidc, options);
  const configured = options.configure?.(standard) ?? standard;
  return { ...configured, clients: [...(configured.clients ?? []), CURL] };
}

/** Returns a configuration that meets the requirements of MCP. */
function standardConfiguration(
  oidc: OidcProvider,
  { resources, users }: ResolvedOptions,
): Configuration {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' }] },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    scopes: ['openid', 'offline_access', ...resources.flatMap(({ scopes }) => scopes)],
    responseTypes: ['code'],
    // A client may ask for no scope (RFC 6749, section 3.3). It then gets a token that allows nothing yet.
    // The challenge of an operation names the scopes that it needs, and the client asks again: a step-up.
    extraParams: {
      scope: ({ oidc: { params } }, scope) => {
        Object.assign(params ?? {}, { scope: scope ?? 'openid' });
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
      clientIdMetadataDocument: { enabled: true },
      resourceIndicators: {
        enabled: true,
        // Clients that do not know RFC 8707 name no resource. They get tokens for the first resource.
        defaultResource: (_context, _client, oneOf) => oneOf ?? resources[0]?.resource ?? [],
        useGrantedResource: () => true,
        getResourceServerInfo: (_context, indicator) => {
          const known = resources.find(({ resource }) => resource === indicator);
          if (known === undefined) {
            throw new oidc.errors.InvalidTarget();
          }
          return resourceServerOf(known);
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
    renderError: (context, _out, error) => {
      context.set(PAGE_HEADERS);
      context.body = errorPage(oidc, error).text;
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
  };
}
