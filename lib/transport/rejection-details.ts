import type { BearerAuthException } from '../challenge/bearer-auth.exception.js';

/** The details of a rejection for transports without header fields: all that a client needs to try again. */
export interface RejectionDetails {
  /** The same as in Nest's own WebSocket and RPC errors. */
  status: 'error';
  message: string;
  /** The code, as in the body of an HTTP response. */
  error: string;
  error_description: string;
  /** The value that `WWW-Authenticate` would have. */
  challenge?: string;
  /** The number of seconds after which to try again. */
  retry_after?: number;
}

export function rejectionDetails({
  code,
  message,
  headers,
}: BearerAuthException): RejectionDetails {
  const { 'WWW-Authenticate': challenge, 'Retry-After': retryAfter } = headers;
  return {
    status: 'error',
    message,
    error: code,
    error_description: message,
    ...(challenge !== undefined && { challenge }),
    ...(retryAfter !== undefined && { retry_after: Number(retryAfter) }),
  };
}
