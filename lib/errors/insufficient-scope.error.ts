import { RejectionError } from './rejection.error.js';
import { mismatch, type TokenMismatch } from './token-mismatch.js';

/** An error for a valid token that lacks scopes: the `cause` of an {@link InsufficientScopeException}. */
export class InsufficientScopeError extends RejectionError {
  readonly code = 'insufficient_scope';
  /**
   * All required scopes, and those of the token. It is for the operator: do **not** send it to the
   * client.
   */
  readonly mismatch: TokenMismatch;

  constructor(
    /** All scopes that the operation requires, including those that the token has. */
    readonly requiredScopes: readonly string[],
    granted: readonly string[],
  ) {
    super('The access token lacks a scope that this operation needs.');
    this.mismatch = mismatch('scope', granted.length === 0 ? undefined : granted, requiredScopes);
  }
}
