import { RejectionError } from './rejection.error.js';

/** An error for a request whose token, or whose body, cannot be read (RFC 6750, section 3.1). */
export class InvalidRequestError extends RejectionError {
  readonly code = 'invalid_request';
}
