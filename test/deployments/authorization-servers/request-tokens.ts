import * as openid from 'openid-client';
import type { AuthorizationServer } from './authorization-server.js';

const REDIRECT_URI = 'http://127.0.0.1/callback';

export interface TokenRequest {
  /** The metadata that the client registers, besides its redirect URI (RFC 7591). */
  registration: Partial<openid.ClientMetadata>;
  scope: string;
  /** The parameter `resource` (RFC 8707). */
  resource?: string;
}

export interface Tokens {
  accessToken: string;
  idToken?: string;
  /** The configuration of the client that was registered for the tokens. */
  configuration: openid.Configuration;
}

/** Registers a new client, and runs the authorization code flow with PKCE, by openid-client. */
export async function requestTokens(
  server: AuthorizationServer,
  { registration, scope, resource }: TokenRequest,
): Promise<Tokens> {
  const configuration = await register(server.issuer, registration);
  const pkceCodeVerifier = openid.randomPKCECodeVerifier();
  const [expectedState, expectedNonce] = [openid.randomState(), openid.randomNonce()];
  const indicator = resource === undefined ? undefined : { resource };
  const url = openid.buildAuthorizationUrl(configuration, {
    redirect_uri: REDIRECT_URI,
    scope,
    state: expectedState,
    nonce: expectedNonce,
    code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...indicator,
  });
  const answer = await server.logIn(url, new URL(REDIRECT_URI));
  const isOpenid = scope.split(' ').includes('openid');
  const { access_token: accessToken, id_token: idToken } = await openid.authorizationCodeGrant(
    configuration,
    new URL(`${REDIRECT_URI}?${answer.toString()}`),
    { pkceCodeVerifier, expectedState, ...(isOpenid && { expectedNonce }) },
    indicator,
  );
  return { accessToken, idToken, configuration };
}

/** Registers a client without openid-client, which accepts only the status 201. Glewlwyd answers 200. */
async function register(
  issuer: string,
  registration: TokenRequest['registration'],
): Promise<openid.Configuration> {
  const discover = (id: string, metadata?: Partial<openid.ClientMetadata>) =>
    openid.discovery(new URL(issuer), id, metadata, authentication(metadata?.client_secret), {
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- so that it is seen; for loopback
      execute: [openid.allowInsecureRequests],
    });
  const { registration_endpoint: endpoint = '' } = (await discover('none')).serverMetadata();
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ redirect_uris: [REDIRECT_URI], ...registration }),
  });
  const client = (await response.json()) as openid.ClientMetadata;
  return discover(client.client_id, client);
}

function authentication(secret?: string): openid.ClientAuth {
  return secret === undefined ? openid.None() : openid.ClientSecretBasic(secret);
}
