import type { IncomingHttpHeaders } from 'node:http';

/** The part of Node's request that credentials are read from. */
export interface CredentialsSource {
  headers: IncomingHttpHeaders;
  rawHeaders?: string[];
}

/** What a request presents: a token, nothing that is ours to read, or something unreadable. */
export type BearerCredentials =
  { kind: 'token'; token: string } | { kind: 'none' } | { kind: 'unreadable'; description: string };

/** `b64token` (RFC 6750, section 2.1). */
const TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;
const BEARER = /^bearer(?:[ \t]+|$)/i;

/**
 * Reads the Bearer token of a request from its `Authorization` header, and from there only: a token
 * in the query or in the body is as if absent (OAuth 2.1, section 5.1).
 */
export function readBearerCredentials(request: CredentialsSource): BearerCredentials {
  if (hasTwoAuthorizationHeaders(request)) {
    return unreadable('more than one Authorization header');
  }
  const { authorization = '' } = request.headers;
  const [scheme] = BEARER.exec(authorization) ?? [];
  if (scheme === undefined) {
    return { kind: 'none' };
  }
  const token = authorization.slice(scheme.length);
  if (token === '') {
    return unreadable('no token after "Bearer"');
  }
  return TOKEN.test(token)
    ? { kind: 'token', token }
    : unreadable('more than one token, or one with characters that no token has');
}

/** Node keeps the first of two `Authorization` headers and says nothing of the second. */
function hasTwoAuthorizationHeaders({ rawHeaders = [] }: CredentialsSource): boolean {
  let found = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 13 && name.toLowerCase() === 'authorization') {
      found++;
    }
  }
  return found > 1;
}

function unreadable(what: string): BearerCredentials {
  return { kind: 'unreadable', description: `The request holds ${what}.` };
}
