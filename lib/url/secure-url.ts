import { isLoopback } from './loopback.js';
import { parseUrl } from './parse-url.js';

/** The beginning of the message about a URL with `http:`. Callers recognize the message by it. */
export const NEEDS_HTTPS = 'must use https:';

/**
 * Matches a list of URLs, such as an environment variable may contain: a second URL after a separator, or a
 * separator after the host.
 */
const SEVERAL = /[^\s,;|][,;|\s]{1,3}[a-z]+:\/\/|^[a-z]+:\/\/[^/?#]*[,;|]/i;

/**
 * Returns what is wrong with a value, or `undefined` if it is an absolute `https:` URL. It must have neither
 * credentials nor a fragment. `http:` is accepted for a loopback host, or for any host with `allowHttp`.
 */
export function secureUrlProblem(value: unknown, allowHttp = false): string | undefined {
  if (value === '') {
    return 'must not be empty; is an environment variable not set?';
  }
  if (typeof value === 'string' && SEVERAL.test(value)) {
    return 'must be one URL, but looks like a list; give each URL as a separate string, for example with split(",")';
  }
  // `new URL()` would trim spaces, remove line breaks, and accept "https:example.com".
  const text = typeof value === 'string' && /^[a-z]+:\/\/\S+$/i.test(value) ? value : '';
  const url = parseUrl(text);
  return url === undefined
    ? 'must be an absolute URL with scheme and host, such as "https://example.com/path"'
    : (schemeProblem(url, allowHttp) ?? partsProblem(url, text));
}

function schemeProblem(url: URL, allowHttp: boolean): string | undefined {
  if (url.protocol === 'https:' || (url.protocol === 'http:' && (allowHttp || isLoopback(url)))) {
    return undefined;
  }
  if (url.protocol === 'http:') {
    return `${NEEDS_HTTPS} (http: is accepted for a loopback host such as localhost)`;
  }
  return `must use the scheme https:${allowHttp ? ' or http:' : ''}, not ${url.protocol}`;
}

function partsProblem(url: URL, value: string): string | undefined {
  if (url.username !== '' || url.password !== '') {
    return 'must not contain a user name or password';
  }
  // The text is searched, because `url.hash` is empty for "https://example.com/#" too.
  return value.includes('#') ? 'must not have a fragment; remove "#" and what follows' : undefined;
}
