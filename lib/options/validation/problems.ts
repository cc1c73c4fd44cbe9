import { scopeTokenProblem } from '../../scope/scope-token.js';
import { NEEDS_HTTPS, secureUrlProblem } from '../../url/secure-url.js';
import type { Problem } from './checked.js';
import { parseUrl } from '../../url/parse-url.js';

export const nonEmptyString: Problem = (value) =>
  typeof value === 'string' && value !== '' ? undefined : 'must be a non-empty string';

export const positiveNumber: Problem = (value) =>
  typeof value === 'number' && Number.isFinite(value) && value > 0
    ? undefined
    : 'must be a number above 0';

/** `AbortSignal.timeout` takes whole milliseconds only; nobody waits for ten minutes. */
export const milliseconds: Problem = (value) =>
  Number.isInteger(value) && (value as number) > 0 && (value as number) <= 600_000
    ? undefined
    : 'must be a whole number of milliseconds from 1 to 600000';

export const nonNegativeNumber: Problem = (value) =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0
    ? undefined
    : 'must be a number of 0 or more';

/** More than a few minutes is no difference between clocks (RFC 7519, section 4.1.4). */
export const clockTolerance: Problem = (value, owner) =>
  nonNegativeNumber(value, owner) ??
  ((value as number) <= 600 ? undefined : 'must be at most 600 seconds');

/** A server that is down for longer than a week is not coming back with the same keys. */
export const upToAWeek: Problem = (value, owner) =>
  nonNegativeNumber(value, owner) ??
  ((value as number) <= 604_800 ? undefined : 'must be at most 604800 seconds');

/** What is remembered of a token for longer would be remembered for good. */
export const upToAYear: Problem = (value, owner) =>
  positiveNumber(value, owner) ??
  ((value as number) <= 31_536_000 ? undefined : 'must be at most 31536000 seconds');

/** The cache sets aside a slot for each. */
export const cacheSize: Problem = (value) =>
  Number.isInteger(value) && (value as number) > 0 && (value as number) <= 1_000_000
    ? undefined
    : 'must be a whole number from 1 to 1000000';

export const positiveInteger: Problem = (value) =>
  Number.isSafeInteger(value) && (value as number) > 0
    ? undefined
    : 'must be a whole number above 0';

/** Whether it signs is found out later: that takes time. */
export const privateKey: Problem = (value) => {
  if (typeof value === 'string') {
    return value.trimStart().startsWith('-----BEGIN PRIVATE KEY-----')
      ? undefined
      : 'must be PKCS #8 in PEM, from "-----BEGIN PRIVATE KEY-----" on, if it is a string';
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? undefined
    : 'must be a private key: a PEM, a JWK, a CryptoKey or a KeyObject';
};

/** As browsers write it in `Origin` (RFC 6454, section 6.2). */
export const webOrigin: Problem = (value) =>
  typeof value === 'string' && parseUrl(value)?.origin === value
    ? undefined
    : 'must be an origin as browsers send it: scheme, host and port, lower case, nothing after it, such as "https://app.example.com"';

export const boolean: Problem = (value) =>
  typeof value === 'boolean' ? undefined : 'must be true or false';

export const aFunction: Problem = (value) =>
  typeof value === 'function' ? undefined : 'must be a function';

export const oneOf =
  (...accepted: readonly string[]): Problem =>
  (value) =>
    accepted.includes(value as string) ? undefined : `must be one of: ${accepted.join(', ')}`;

export const secureUrl: Problem = (value) => secureUrlProblem(value);

export const scopeToken: Problem = (value) => scopeTokenProblem(value);

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

/** A path that requests are compared with as they arrive. */
export const tenantPath: Problem = (value) =>
  typeof value === 'string' &&
  /^(?:\/[^/{}?#%\s\\]+)*\/\{tenant\}(?:\/[^/{}?#%\s\\]+)*$/.test(value)
    ? undefined
    : 'must be a path with "{tenant}" as one of its segments, such as "/{tenant}/mcp", with nothing percent-encoded and no "/" at its end';

function isRoutable(pathname: string): boolean {
  try {
    decodeURI(pathname);
  } catch {
    return false;
  }
  // decodeURI leaves these as they are: encoded, they are not what they are unencoded.
  return !pathname.includes('*') && !/%(?:2[346BCF]|3[ABDF]|40)/i.test(pathname);
}

interface Connection {
  allowInsecureRequests?: boolean;
}

/** Where a document of an authorization server is. */
export const documentUrl: Problem<Connection> = (value, { allowInsecureRequests }) =>
  withRemedy(
    secureUrlProblem(value, allowInsecureRequests),
    'on a network that you trust, such as between containers, set allowInsecureRequests: true for this authorization server',
  );

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
  ((value as string).includes('?')
    ? 'must not have a query; remove "?" and what follows'
    : undefined);
