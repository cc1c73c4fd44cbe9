import { RejectionError } from './rejection.error.js';
import { mismatch, type TokenMismatch } from './token-mismatch.js';

/** The token is valid but lacks scopes: the `cause` of an {@link InsufficientScopeException}. */
export class InsufficientScopeError extends RejectionError {
  readonly code = 'insufficient_scope';
  /** All scopes that are needed, and those that the token has. For the operator, never for the client. */
  readonly mismatch: TokenMismatch;

  constructor(
    /** All scopes that the operation needs, those that the token has included. */
    readonly requiredScopes: readonly string[],
    granted: readonly string[],
  ) {
    super('The access token lacks a scope that this operation needs.');
    this.mismatch = mismatch('scope', granted.length === 0 ? undefined : granted, requiredScopes);
  }
}
