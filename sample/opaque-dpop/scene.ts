/** Where the story takes place. */
export interface Scene {
  /** The URL of what is protected, which is the resource identifier too. */
  resource: string;
  /** How often the authorization server has been asked about a token. */
  introspections: () => number;
  /** What the operator of the application does once the client is not to be trusted any more. */
  revoke: () => Promise<void>;
}
