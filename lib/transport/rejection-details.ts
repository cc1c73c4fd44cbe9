import type { BearerAuthException } from '../challenge/bearer-auth.exception.js';

/** A rejection where there are no header fields: all that a client needs to do better. */
export interface RejectionDetails {
  /** As Nest's own WebSocket and RPC errors have it. */
  status: 'error';
  message: string;
  /** The code, as in the body of an HTTP answer. */
  error: string;
  error_description: string;
  /** What `WWW-Authenticate` would be. */
  challenge?: string;
  /** After how many seconds to try again. */
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
