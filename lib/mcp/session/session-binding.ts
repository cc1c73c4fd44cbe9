import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { AuthInfo } from '../../auth-info/auth-info.js';
import { onHead } from '../lists/response-head.js';
import { SessionNotFoundException } from './session-not-found.exception.js';
import type { SessionOwners } from './session-owners.js';

const SESSION_ID = 'mcp-session-id';

/** The part of a request that names a session. */
export interface SessionRequest {
  readonly method?: string;
  readonly headers: IncomingHttpHeaders;
}

/**
 * Binds a session to its owner. Other callers get a 404, as for an unknown session. The owner is the first caller with
 * a token who gets a successful answer with the session's id. A session that was opened without a token, and never used
 * with a token, is open to anyone.
 *
 * @throws SessionNotFoundException if the request is for another caller's session
 */
export function bindSession(
  owners: SessionOwners,
  caller: AuthInfo | undefined,
  request: SessionRequest,
  response: ServerResponse,
): void {
  const requested = assertOwnSession(owners, caller, request);
  if (caller === undefined) {
    return;
  }
  onHead(response, () => {
    if (response.statusCode >= 400) {
      return;
    }
    if (request.method === 'DELETE') {
      requested.forEach((session) => {
        owners.forget(session);
      });
      return;
    }
    for (const session of sessionIds(response.getHeader(SESSION_ID))) {
      owners.bind(session, caller);
    }
  });
}

/**
 * Returns the sessions that a request names.
 *
 * @throws SessionNotFoundException if one of these sessions belongs to another caller
 */
export function assertOwnSession(
  owners: SessionOwners,
  caller: AuthInfo | undefined,
  { headers }: SessionRequest,
): readonly string[] {
  const named = headers[SESSION_ID];
  const requested = named === undefined ? [] : sessionIds(named);
  if (requested.some((session) => owners.isForeign(session, caller))) {
    throw new SessionNotFoundException();
  }
  return requested;
}

/**
 * Reads the session ids of a header. Node joins header fields of the same name. A server may take one of the
 * parts, or the whole text, as the id.
 */
function sessionIds(value: unknown): string[] {
  const text = Array.isArray(value) ? value.join() : typeof value === 'string' ? value : '';
  return [...new Set([text, ...text.split(',')].map((id) => id.trim()))].filter(Boolean);
}
