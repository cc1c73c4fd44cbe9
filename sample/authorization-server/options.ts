export interface User {
  username: string;
  password: string;
  /** The scopes that the user may have. A client never gets more, whatever it asks for. */
  scopes: readonly string[];
}

export interface ProtectedResource {
  /** The resource identifier, exactly as the resource server publishes it. */
  resource: string;
  scopes: readonly string[];
}

export interface AuthorizationServerOptions {
  /** Port on the loopback interface; 0 takes a free one. */
  port: number;
  resources: readonly ProtectedResource[];
  users: readonly User[];
  /**
   * Fetches Client ID Metadata Documents. oidc-provider refuses addresses that are not
   * public, so a test whose client lives on loopback answers for it here.
   */
  fetch?: typeof fetch;
}
