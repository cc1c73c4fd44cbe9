/** The servers that the walk-through uses. */
export interface Scene {
  /** The URL of the protected API. It is the resource identifier too. */
  resource: string;
  /** Returns the number of introspection requests so far. */
  introspections: () => number;
  /** Revokes the tokens of the client, as the operator does if the client is no longer trusted. */
  revoke: () => Promise<void>;
}
