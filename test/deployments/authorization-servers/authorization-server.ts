/** A real authorization server, where a user called Alice may log in. */
export interface AuthorizationServer {
  readonly issuer: string;
  /** Logs Alice in, and allows what is asked for. Returns the query parameters of the callback URL. */
  logIn(authorizationUrl: URL, callback: URL): Promise<URLSearchParams>;
  /** Signs with a new key from now on, and publishes it alone. */
  rotate(): Promise<void>;
  stop(): Promise<void>;
}
