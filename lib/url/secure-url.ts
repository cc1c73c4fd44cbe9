import { isLoopback } from './loopback.js';

/**
 * What keeps a value from being an absolute `https:` URL (`http:` on loopback, or where that is
 * allowed) without credentials or fragment; nothing where it is one.
 */
export function secureUrlProblem(value: unknown, allowHttp = false): string | undefined {
  if (value === '') {
    return 'must not be empty; is an environment variable not set?';
  }
  // `URL` is lenient: it trims, drops line breaks, and takes "https:example.com".
  if (typeof value !== 'string' || !/^[a-z]+:\/\/\S+$/i.test(value) || !URL.canParse(value)) {
    return 'must be an absolute URL with scheme and host, such as "https://example.com/path"';
  }
  return schemeProblem(new URL(value), allowHttp) ?? partsProblem(value);
}

function schemeProblem(url: URL, allowHttp: boolean): string | undefined {
  if (url.protocol === 'https:' || (url.protocol === 'http:' && (allowHttp || isLoopback(url)))) {
    return undefined;
  }
  return allowHttp
    ? 'must use https: or http:'
    : 'must use https: (http: is accepted only for a loopback host such as localhost)';
}

function partsProblem(value: string): string | undefined {
  const url = new URL(value);
  if (url.username !== '' || url.password !== '') {
    return 'must not hold a user name or password';
  }
  // An empty fragment, as in "https://example.com/#", leaves no trace in `url.hash`.
  return value.includes('#') ? 'must not have a fragment; remove "#" and what follows' : undefined;
}
