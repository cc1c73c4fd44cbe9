import { InvalidRequestError } from '../errors/invalid-request.error.js';
import type { DpopPolicy } from '../possession/dpop/dpop-policy.js';
import type { CredentialsSource } from '../transport/authenticated-request.js';

/** The token of a request, as its `Authorization` header presents it. Its characters are not checked. */
export interface PresentedToken {
  readonly token: string;
  /** Whether it came by the scheme `DPoP` rather than `Bearer`. */
  readonly isDpop: boolean;
}

/** RFC 9110, section 11.4: spaces follow the scheme. A tab is read as part of a token that has it wrongly. */
const SCHEME = /^(bearer|dpop)(?: +|(?=\t)|$)/i;

/**
 * Reads the token of a request from its `Authorization` header, and from there only: a token in the
 * query or in the body is as if absent (OAuth 2.1, section 5.1). Where `dpop` is off, the scheme `DPoP`
 * (RFC 9449, section 7.1) is another scheme. Returns nothing where there is no token.
 *
 * @throws InvalidRequestError if there are two headers, or no token behind the scheme
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

/** Returns the error for a text in the place of a token that has not the characters of one. */
export function unreadableToken(): InvalidRequestError {
  return new InvalidRequestError(
    'The request holds more than one token, or one with characters that no token has.',
  );
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
