import { RejectionError } from './rejection.error.js';
import type { TokenMismatch } from './token-mismatch.js';

/**
 * An error for a caller that does not meet a condition of a handler: the `cause` of an
 * {@link AccessDeniedException}. It is for the operator. The client gets only the reason that a function of
 * `@RequireAuth()` returned, if it returned one.
 */
export class UnmetConditionError extends RejectionError {
  readonly code = 'access_denied';

  constructor(
    /** The decorator of the condition, and the handler. */
    where: string,
    /** The claim that does not meet the requirement of `@RequireClaims()`. */
    readonly mismatch?: TokenMismatch,
  ) {
    super(`A condition of ${where} is not met.`);
  }
}
