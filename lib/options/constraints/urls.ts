import { Matches } from 'class-validator';
import { NEEDS_HTTPS, secureUrlProblem } from '../../url/secure-url.js';
import { parseUrl } from '../../url/parse-url.js';
import { isDevelopmentUrl } from './development-hosts.js';
import { constraint, type Problem } from '../validation/constraint.js';

/**
 * The origin of a browser extension, or of the shell of a desktop or mobile app: `chrome-extension://<id>`,
 * `tauri://localhost`. Not `file:`, `data:` and `blob:`: browsers send `null` or another origin for them.
 */
const SHELL_ORIGIN =
  /^(?!(?:https?|wss?|ftp|file|data|blob|javascript):)[a-z][a-z0-9+.-]*:\/\/[\w.~-]+$/;

/** Checks for an origin as browsers send it in `Origin` (RFC 6454, section 6.2). */
export const IsWebOrigin = constraint('isWebOrigin', (value) =>
  typeof value === 'string' && (parseUrl(value)?.origin === value || SHELL_ORIGIN.test(value))
    ? undefined
    : 'must be an origin as browsers send it: scheme, host and port, lower case, nothing after it, such as "https://app.example.com" or "chrome-extension://<id>"',
);

/** Checks for a URL of `https:`, or of `http:` with a loopback host. */
export const IsSecureUrl = constraint('isSecureUrl', (value) => secureUrlProblem(value));

/**
 * Checks for a URL that is given to clients: `https:`, or `http:` with a loopback host or one of the
 * `developmentHosts`.
 */
export const IsResourceUrl = constraint('isResourceUrl', (value, owner) =>
  secureUrlProblem(value, isDevelopmentUrl(value, owner)),
);

const queryProblem: Problem = (value) =>
  typeof value === 'string' && value.includes('?')
    ? 'must not have a query; remove "?" and what follows'
    : undefined;

export const HasNoQuery = constraint('hasNoQuery', queryProblem);

/** Checks a resource identifier. Its path becomes part of a route, so it must be a path that routers match exactly. */
export const resourceIdentifier: Problem = (value, owner) =>
  templateProblem(value) ??
  withRemedy(
    secureUrlProblem(value, isDevelopmentUrl(value, owner)),
    'put a proxy with a certificate before the application; while you develop, call it by localhost, or name its host in "developmentHosts"',
  ) ??
  wellKnownProblem(value as string, 'the URL of the resource, not that of its metadata') ??
  (isRoutable(new URL(value as string).pathname)
    ? undefined
    : 'must not have "*", an invalid percent-encoding or a percent-encoded reserved character in its path, since HTTP adapters cannot route such a path exactly');

/**
 * Checks that `{tenant}` occurs at most once, as a whole segment of the path, and never as `{Tenant}` or the
 * like.
 */
function templateProblem(value: unknown): string | undefined {
  const isRight =
    typeof value !== 'string' ||
    !/\{tenant/i.test(value) ||
    /^[^{}]+:\/\/[^/{}]+(?:\/[^/?#{}]+)*\/\{tenant\}(?:\/[^/?#{}]+)*$/.test(value);
  return isRight
    ? undefined
    : 'may contain "{tenant}" only once, as a whole segment of its path, such as "https://example.com/{tenant}/mcp"; it must then have no other braces, no query and no empty segment';
}

export const IsResourceIdentifier = constraint('isResourceIdentifier', resourceIdentifier);

/** Checks for a path that can be compared with the paths of requests as they arrive. */
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
  // decodeURI does not decode these, because their encoded and unencoded forms mean different things.
  return !pathname.includes('*') && !/%(?:2[346BCF]|3[ABDF]|40)/i.test(pathname);
}

/** The options of an authorization server that decide which URLs it may have. */
export interface Connection {
  allowInsecureRequests?: boolean;
}

/** Checks the URL of a document of an authorization server. */
export const documentUrl: Problem<Connection> = (value, { allowInsecureRequests }) =>
  withRemedy(
    secureUrlProblem(value, allowInsecureRequests),
    'on a network that you trust, such as between containers, set allowInsecureRequests: true for this authorization server',
  );

export const IsDocumentUrl = constraint('isDocumentUrl', documentUrl);

/** Adds a remedy to the problem of an `http:` URL, since such a URL is usually intended. */
function withRemedy(problem: string | undefined, remedy: string): string | undefined {
  return problem?.startsWith(NEEDS_HTTPS) ? `${problem}; ${remedy}` : problem;
}

/** Finds the URL of a metadata document in place of the identifier, a common mistake when pasting. */
function wellKnownProblem(url: string, meant: string): string | undefined {
  const [before = '', after] = url.split(/\/\.well-known(?:\/[^/]*)?/i, 2);
  return after === undefined ? undefined : `must be ${meant}; did you mean "${before}${after}"?`;
}

/** Checks an issuer identifier, which has neither query nor fragment (RFC 8414, section 2). */
export const issuerIdentifier: Problem<Connection> = (value, owner) =>
  documentUrl(value, owner) ??
  wellKnownProblem(
    value as string,
    'the issuer identifier, not the URL of the metadata, which goes into "metadataUrl" if it is needed',
  ) ??
  queryProblem(value, owner);

export const IsIssuer = constraint('isIssuer', issuerIdentifier);
