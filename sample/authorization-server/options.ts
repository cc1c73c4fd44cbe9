export interface User {
  username: string;
  password: string;
  /** The scopes that the user may have. A client never gets more scopes than these. */
  scopes: readonly string[];
}

export interface ProtectedResource {
  /** The resource identifier, exactly as the resource server publishes it. */
  resource: string;
  scopes: readonly string[];
}

export interface AuthorizationServerOptions {
  /** The port. 0 means any free port. */
  port: number;
  /**
   * The host name in the issuer. With another name than `localhost`, all machines of the network can
   * reach the server.
   */
  host?: string;
  resources: readonly ProtectedResource[];
  users: readonly User[];
  /**
   * Fetches Client ID Metadata Documents. oidc-provider refuses addresses that are not public.
   * A test with a client on loopback returns the document from here.
   */
  fetch?: typeof fetch;
  /** Changes the claims of an access token. A test gives tokens the shape of another provider's. */
  shapeToken?: (claims: Record<string, unknown>) => void;
}
