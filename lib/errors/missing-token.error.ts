import { RejectionError } from './rejection.error.js';

/** An error for a request that needs a token and has none. */
export class MissingTokenError extends RejectionError {
  readonly code = 'unauthorized';

  constructor(
    /** All required scopes, if the operation decided that an anonymous caller is not enough. */
    readonly requiredScopes?: readonly string[],
  ) {
    super('The request has no access token.');
  }
}
