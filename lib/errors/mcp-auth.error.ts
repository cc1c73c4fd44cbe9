/**
 * The base of every error this library throws on purpose.
 *
 * `code` is stable across releases and safe to branch on; `message` is for people and may change.
 * No message ever holds a token, a claim's value or a secret.
 */
export abstract class McpAuthError extends Error {
  /** A stable, machine-readable name of what went wrong. */
  abstract readonly code: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}
