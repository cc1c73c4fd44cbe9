import type { Configuration } from 'oidc-provider';

/** A user who can sign in at the development server. */
export interface DevServerUser {
  /** The name to sign in with. It is the subject (`sub`) of the tokens. */
  username: string;
  /** The password. It is not a secret: the server has it in memory as it is. */
  password: string;
  /** The scopes that the user may have. A client never gets more scopes than these. */
  scopes: readonly string[];
}

/** A protected resource that the development server issues tokens for. */
export interface DevServerResource {
  /** The resource identifier, exactly as the resource server publishes it. */
  resource: string;
  /** The scopes that a client may ask for. */
  scopes: readonly string[];
}

/** The options of `startDevServer()`. */
export interface DevServerOptions {
  /** The protected resources. Clients that do not know RFC 8707 get tokens for the first resource. */
  resources: readonly DevServerResource[];
  /**
   * The users. By default `alice` may have all scopes, and `bob` may have all but the last scope of each
   * resource. The password of each user is the user name.
   */
  users?: readonly DevServerUser[];
  /** The port to listen on. By default any free port. */
  port?: number;
  /**
   * The name or address to listen on. By default `localhost`: only this machine can reach the server.
   * With `0.0.0.0`, every machine of the network can reach it.
   */
  host?: string;
  /**
   * The URL by which clients, browsers and the application reach the server, without a path. By default it is made
   * of the host and the port. Set it if the server runs in a container or behind a proxy.
   */
  issuer?: string;
  /**
   * Changes the configuration of `oidc-provider`, for example for other lifetimes, opaque tokens or DPoP. Returns
   * the configuration to use.
   */
  configure?: (configuration: Configuration) => Configuration;
}

/** A running development server. */
export interface DevServer {
  /** The issuer: the value for `authorizationServers` in `McpAuthModule.forRoot()`. */
  readonly issuer: string;
  /** The users who can sign in. */
  readonly users: readonly DevServerUser[];
  /**
   * Issues an access token to a user without a login in a browser. It is valid for 12 hours, and has all scopes
   * of the resource that the user may have. Its client is `curl`.
   *
   * @param username - the name of one of the users
   * @param resource - one of the resources. By default the first resource
   */
  readonly issueToken: (username: string, resource?: string) => Promise<string>;
  /** Closes all connections, and stops the server. */
  readonly close: () => Promise<void>;
}
