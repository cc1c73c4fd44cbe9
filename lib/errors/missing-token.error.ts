import { RejectionError } from './rejection.error.js';

/** The request has no token, and needs one. */
export class MissingTokenError extends RejectionError {
  readonly code = 'unauthorized';

  constructor(
    /** All scopes that an anonymous caller lacks, where the operation decided that a token is needed. */
    readonly requiredScopes?: readonly string[],
  ) {
    super('The request has no access token.');
  }
}
