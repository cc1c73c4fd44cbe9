/**
 * The base class of the errors that this library throws. The guard's HTTP exceptions are not among them: see
 * {@link BearerAuthException}.
 *
 * `code` is stable across releases, so your code can depend on it. `message` is for people, and may
 * change. No message contains a token, the value of a claim or a secret.
 */
export abstract class McpAuthError extends Error {
  /** A stable, machine-readable name of the problem. */
  abstract readonly code: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}
