import type {
  OAuthClientMetadata,
  OAuthClientProvider,
  OAuthDiscoveryState,
  StoredOAuthClientInformation,
  StoredOAuthTokens,
} from '@modelcontextprotocol/client';

/**
 * The part of the login that an application adds to the MCP SDK. It stores the client, the tokens and the
 * code verifier, here in memory. It also shows the page of the authorization server to the user.
 */
export class OAuthClient implements OAuthClientProvider {
  readonly redirectUrl = 'http://127.0.0.1/callback';
  readonly clientMetadata: OAuthClientMetadata;

  private information?: StoredOAuthClientInformation;
  private savedTokens?: StoredOAuthTokens;
  private verifier = '';
  private discovery?: OAuthDiscoveryState;

  constructor(
    name: string,
    readonly redirectToAuthorization: (url: URL) => void | Promise<void>,
  ) {
    this.clientMetadata = {
      client_name: name,
      redirect_uris: [this.redirectUrl],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    };
  }

  clientInformation = () => this.information;
  saveClientInformation = (information: StoredOAuthClientInformation) => {
    this.information = information;
  };
  tokens = () => this.savedTokens;
  saveTokens = (tokens: StoredOAuthTokens) => {
    this.savedTokens = tokens;
  };
  codeVerifier = () => this.verifier;
  saveCodeVerifier = (verifier: string) => {
    this.verifier = verifier;
  };
  discoveryState = () => this.discovery;
  saveDiscoveryState = (state: OAuthDiscoveryState) => {
    this.discovery = state;
  };
}
