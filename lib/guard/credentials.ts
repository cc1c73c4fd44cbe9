import type { IncomingHttpHeaders } from 'node:http';
import type { DpopPolicy } from '../dpop/dpop-policy.js';

/** The part of Node's request that credentials are read from. */
export interface CredentialsSource {
  headers: IncomingHttpHeaders;
  rawHeaders?: string[];
}

/** What a request presents: a token, nothing that is ours to read, or something unreadable. */
export type Credentials<T = unknown> =
  | { kind: 'token'; token: string; isDpop: boolean; recalled: T | undefined }
  | { kind: 'none' }
  | { kind: 'unreadable'; description: string };

/** RFC 9110, section 11.4: spaces follow the scheme. A tab is read as part of a token that has it wrongly. */
const SCHEME = /^(bearer|dpop)(?: +|(?=\t)|$)/i;

/**
 * Reads the token of a request from its `Authorization` header, and from there only: a token in the
 * query or in the body is as if absent (OAuth 2.1, section 5.1). Where `dpop` is off, the scheme `DPoP`
 * (RFC 9449, section 7.1) is another scheme.
 *
 * @param recall - what is known of a token that was looked at before, and found to be one
 * @param isToken - whether a text has the grammar of a token, for the resource that it is presented to
 */
export function readCredentials<T>(
  request: CredentialsSource,
  { mode }: Pick<DpopPolicy, 'mode'>,
  recall: (token: string) => T | undefined,
  isToken: (text: string) => boolean,
): Credentials<T> {
  if (hasTwoAuthorizationHeaders(request)) {
    return unreadable('more than one Authorization header');
  }
  const { authorization = '' } = request.headers;
  const [prefix, scheme = ''] = SCHEME.exec(authorization) ?? [];
  const isDpop = scheme.length === 'dpop'.length;
  if (prefix === undefined || (isDpop && mode === 'off')) {
    return { kind: 'none' };
  }
  return readToken(authorization.slice(prefix.length), isDpop, recall, isToken);
}

function readToken<T>(
  token: string,
  isDpop: boolean,
  recall: (token: string) => T | undefined,
  isToken: (text: string) => boolean,
): Credentials<T> {
  if (token === '') {
    return unreadable(`no token after the scheme ${isDpop ? 'DPoP' : 'Bearer'}`);
  }
  const recalled = recall(token);
  // To look at each character of a token takes longer than to find one that was seen before.
  return recalled !== undefined || isToken(token)
    ? { kind: 'token', token, isDpop, recalled }
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

function unreadable(what: string): Credentials<never> {
  return { kind: 'unreadable', description: `The request holds ${what}.` };
}
