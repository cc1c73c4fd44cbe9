/** The place of the story. */
export interface Scene {
  /** The URL of what is protected, which is the resource identifier too. */
  resource: string;
  /** Returns how often the authorization server has been asked about a token. */
  introspections: () => number;
  /** Revokes the tokens of the client, as the operator does once the client is not trusted any more. */
  revoke: () => Promise<void>;
}
