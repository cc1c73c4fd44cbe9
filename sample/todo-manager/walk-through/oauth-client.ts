import type {
  OAuthClientMetadata,
  OAuthClientProvider,
  OAuthDiscoveryState,
  StoredOAuthClientInformation,
  StoredOAuthTokens,
} from '@modelcontextprotocol/client';

/**
 * The part that the MCP SDK leaves to an application that logs in: a place to store things, here in memory,
 * and a way to show the user the authorization server's page.
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
