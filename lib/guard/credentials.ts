import { InvalidRequestError } from '../errors/invalid-request.error.js';
import type { DpopPolicy } from '../possession/dpop/dpop-policy.js';
import type { CredentialsSource } from '../transport/authenticated-request.js';

/** The token in the `Authorization` header of a request. Its characters are not checked. */
export interface PresentedToken {
  readonly token: string;
  /** `true` if its scheme is `DPoP`, `false` if it is `Bearer`. */
  readonly isDpop: boolean;
}

/**
 * A scheme and the spaces after it (RFC 9110, section 11.4). A tab counts as part of the token, which is
 * then not valid.
 */
const SCHEME = /^(bearer|dpop)(?: +|(?=\t)|$)/i;

/**
 * Reads the token of a request from its `Authorization` header only. A token in the query or in the body is
 * ignored (OAuth 2.1, section 5.1). If `dpop` is off, `DPoP` counts as an unknown scheme (RFC 9449, section
 * 7.1). Returns `undefined` if the header is missing, or has another scheme than these two.
 *
 * @throws InvalidRequestError if there are two headers, or no token after the scheme
 */
export function readToken(
  request: CredentialsSource,
  { mode }: Pick<DpopPolicy, 'mode'>,
): PresentedToken | undefined {
  if (hasTwoAuthorizationHeaders(request)) {
    throw new InvalidRequestError('The request holds more than one Authorization header.');
  }
  const { authorization = '' } = request.headers;
  const [prefix, scheme = ''] = SCHEME.exec(authorization) ?? [];
  const isDpop = scheme.length === 'dpop'.length;
  if (prefix === undefined || (isDpop && mode === 'off')) {
    return undefined;
  }
  const token = authorization.slice(prefix.length);
  if (token === '') {
    const name = isDpop ? 'DPoP' : 'Bearer';
    throw new InvalidRequestError(`The request holds no token after the scheme ${name}.`);
  }
  return { token, isDpop };
}

/** Returns the error for a token that has characters which no token may have. */
export function unreadableToken(): InvalidRequestError {
  return new InvalidRequestError(
    'The request holds more than one token, or one with characters that no token has.',
  );
}

/**
 * Reads the raw headers, because Node keeps the first of two `Authorization` headers and drops the second.
 */
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
