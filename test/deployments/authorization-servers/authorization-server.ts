/** A real authorization server with a user called Alice. */
export interface AuthorizationServer {
  readonly issuer: string;
  /** Logs Alice in, and consents to the request. Returns the query parameters of the callback URL. */
  logIn(authorizationUrl: URL, callback: URL): Promise<URLSearchParams>;
  /** Signs with a new key from now on, and publishes only this key. */
  rotate(): Promise<void>;
  stop(): Promise<void>;
}
