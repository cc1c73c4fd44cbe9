import { Matches } from 'class-validator';
import { NEEDS_HTTPS, secureUrlProblem } from '../../url/secure-url.js';
import { parseUrl } from '../../url/parse-url.js';
import { constraint, type Problem } from '../validation/constraint.js';

/** As browsers write it in `Origin` (RFC 6454, section 6.2). */
export const IsWebOrigin = constraint('isWebOrigin', (value) =>
  typeof value === 'string' && parseUrl(value)?.origin === value
    ? undefined
    : 'must be an origin as browsers send it: scheme, host and port, lower case, nothing after it, such as "https://app.example.com"',
);

export const IsSecureUrl = constraint('isSecureUrl', (value) => secureUrlProblem(value));

const queryProblem: Problem = (value) =>
  typeof value === 'string' && value.includes('?')
    ? 'must not have a query; remove "?" and what follows'
    : undefined;

export const HasNoQuery = constraint('hasNoQuery', queryProblem);

/** Its path, after the well-known one, becomes a route, and not every router matches these exactly. */
export const resourceIdentifier: Problem = (value) =>
  templateProblem(value) ??
  withRemedy(
    secureUrlProblem(value),
    'put a proxy with a certificate before the application; while you develop, call it by localhost',
  ) ??
  wellKnownProblem(value as string, 'the URL of the resource, not that of its metadata') ??
  (isRoutable(new URL(value as string).pathname)
    ? undefined
    : 'must not have "*" or a percent-encoded reserved character in its path: HTTP adapters cannot route it exactly');

/** What reads like the place of the tenant is one, and in a place that a path is compared at. */
function templateProblem(value: unknown): string | undefined {
  const isRight =
    typeof value !== 'string' ||
    !/\{tenant/i.test(value) ||
    /^[^{}]+:\/\/[^/{}]+(?:\/[^/?#{}]+)*\/\{tenant\}(?:\/[^/?#{}]+)*$/.test(value);
  return isRight
    ? undefined
    : 'may hold "{tenant}" once, as a whole segment of its path, such as "https://example.com/{tenant}/mcp", and no other braces; then it must not have a query, nor an empty segment';
}

export const IsResourceIdentifier = constraint('isResourceIdentifier', resourceIdentifier);

/** A path that requests are compared with as they arrive. */
export const IsTenantPath = (): PropertyDecorator =>
  Matches(/^(?:\/[^/{}?#%\s\\]+)*\/\{tenant\}(?:\/[^/{}?#%\s\\]+)*$/, {
    message:
      'must be a path with "{tenant}" as one of its segments, such as "/{tenant}/mcp", with nothing percent-encoded and no "/" at its end',
  });

function isRoutable(pathname: string): boolean {
  try {
    decodeURI(pathname);
  } catch {
    return false;
  }
  // decodeURI leaves these as they are: encoded, they are not what they are unencoded.
  return !pathname.includes('*') && !/%(?:2[346BCF]|3[ABDF]|40)/i.test(pathname);
}

/** As much of an authorization server as decides whether a URL may be one of its. */
export interface Connection {
  allowInsecureRequests?: boolean;
}

/** Where a document of an authorization server is. */
export const documentUrl: Problem<Connection> = (value, { allowInsecureRequests }) =>
  withRemedy(
    secureUrlProblem(value, allowInsecureRequests),
    'on a network that you trust, such as between containers, set allowInsecureRequests: true for this authorization server',
  );

export const IsDocumentUrl = constraint('isDocumentUrl', documentUrl);

/** A URL over `http:` is most often meant as it is: says what can be done about it. */
function withRemedy(problem: string | undefined, remedy: string): string | undefined {
  return problem?.startsWith(NEEDS_HTTPS) ? `${problem}; ${remedy}` : problem;
}

/** People paste the URL at which they have read the document. */
function wellKnownProblem(url: string, meant: string): string | undefined {
  const [before = '', after] = url.split(/\/\.well-known(?:\/[^/]*)?/i, 2);
  return after === undefined ? undefined : `must be ${meant}; "${before}${after}", most likely`;
}

/** RFC 8414, section 2: an issuer identifier has neither query nor fragment. */
export const issuerIdentifier: Problem<Connection> = (value, owner) =>
  documentUrl(value, owner) ??
  wellKnownProblem(
    value as string,
    'the issuer identifier, not the URL of the metadata, which goes into "metadataUrl" if it is needed',
  ) ??
  queryProblem(value, owner);

export const IsIssuer = constraint('isIssuer', issuerIdentifier);
