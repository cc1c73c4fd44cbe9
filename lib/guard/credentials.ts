import { InvalidRequestError } from '../errors/invalid-request.error.js';
import type { CredentialsSource } from '../transport/authenticated-request.js';
import type {
  ProtectedResource,
  ProxyAssertionPolicy,
} from '../protected-resource/protected-resource.js';
import { readAssertion } from './proxy-assertion.js';

/** The token of a request: an access token, or the assertion of a proxy. Its characters are not checked. */
export interface PresentedToken {
  readonly token: string;
  /** `true` if its scheme is `DPoP`, `false` for any other token. */
  readonly isDpop: boolean;
  /** The resource that verifies the token. Assertions have a resource of their own, which trusts only the proxy. */
  readonly resource: ProtectedResource;
}

/**
 * A scheme and the spaces after it (RFC 9110, section 11.4). A tab counts as part of the token, which is
 * then not valid.
 */
const SCHEME = /^(bearer|dpop)(?: +|(?=\t)|$)/i;

/**
 * Reads the access token of a request from its `Authorization` header only. A token in the query or in the body is
 * ignored (OAuth 2.1, section 5.1). If `dpop` is off, `DPoP` counts as an unknown scheme (RFC 9449, section
 * 7.1). If the resource accepts assertions of a proxy, an assertion in the header field of the proxy may take the
 * place of the access token. Returns `undefined` if there is no token.
 *
 * @throws InvalidRequestError if there are two headers or two tokens, or no token after the scheme
 * @throws AccessDeniedException if a page of another origin sent an assertion
 */
export function readToken(
  request: CredentialsSource,
  resource: ProtectedResource,
): PresentedToken | undefined {
  if (hasTwoAuthorizationHeaders(request)) {
    throw new InvalidRequestError('The request holds more than one Authorization header.');
  }
  const { proxyAssertion } = resource;
  return proxyAssertion === undefined
    ? accessToken(request, resource)
    : (assertionAlone(request, proxyAssertion) ?? accessToken(request, resource));
}

/** Reads the assertion of a proxy. Throws if there also is an access token: it would not be clear who is calling. */
function assertionAlone(
  request: CredentialsSource,
  policy: ProxyAssertionPolicy,
): PresentedToken | undefined {
  const token = readAssertion(request, policy);
  if (token === undefined) {
    return undefined;
  }
  if (SCHEME.test(request.headers.authorization ?? '')) {
    throw new InvalidRequestError('The request holds an access token and an assertion of a proxy.');
  }
  return { token, isDpop: false, resource: policy.resource };
}

function accessToken(
  request: CredentialsSource,
  resource: ProtectedResource,
): PresentedToken | undefined {
  const { authorization = '' } = request.headers;
  const [prefix, scheme = ''] = SCHEME.exec(authorization) ?? [];
  const isDpop = scheme.length === 'dpop'.length;
  if (prefix === undefined || (isDpop && resource.dpop.mode === 'off')) {
    return undefined;
  }
  const token = authorization.slice(prefix.length);
  if (token === '') {
    const name = isDpop ? 'DPoP' : 'Bearer';
    throw new InvalidRequestError(`The request holds no token after the scheme ${name}.`);
  }
  return { token, isDpop, resource };
}

/** Returns the assertion of a proxy that was presented to this resource, or `undefined` for an access token. */
export function assertionIn(
  presented: PresentedToken | undefined,
  resource: ProtectedResource,
): string | undefined {
  return presented?.resource === resource ? undefined : presented?.token;
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
