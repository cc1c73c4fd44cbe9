import { RejectionError } from './rejection.error.js';
import type { TokenMismatch } from './token-mismatch.js';

/**
 * A caller does not meet a condition of a handler: the `cause` of an {@link AccessDeniedException}, for
 * the operator. The client is never told which condition it was.
 */
export class UnmetConditionError extends RejectionError {
  readonly code = 'access_denied';

  constructor(
    /** The decorator that the condition belongs to, and the handler. */
    where: string,
    /** The claim that is not as required, for `@RequireClaims()`. */
    readonly mismatch?: TokenMismatch,
  ) {
    super(`A condition of ${where} is not met.`);
  }
}
