import { RejectionError } from './rejection.error.js';

/** The request presents its token, or asks for something, in a way that cannot be read (RFC 6750, section 3.1). */
export class InvalidRequestError extends RejectionError {
  readonly code = 'invalid_request';
}
