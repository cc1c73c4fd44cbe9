import { RejectionError } from './rejection.error.js';

/** An error for a request that needs a token and has none. */
export class MissingTokenError extends RejectionError {
  readonly code = 'unauthorized';

  constructor(
    /** The scopes to request. Set only if the handler allows anonymous callers, but not for this operation. */
    readonly requiredScopes?: readonly string[],
  ) {
    super('The request has no access token.');
  }
}
