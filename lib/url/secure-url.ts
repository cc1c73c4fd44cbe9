import { isLoopback } from './loopback.js';

/**
 * What keeps a value from being an absolute `https:` URL (`http:` on loopback) without credentials
 * or fragment; nothing where it is one.
 */
export function secureUrlProblem(value: unknown): string | undefined {
  if (value === '') {
    return 'must not be empty; is an environment variable not set?';
  }
  // `URL` is lenient: it trims, drops line breaks, and takes "https:example.com".
  if (typeof value !== 'string' || !/^[a-z]+:\/\/\S+$/i.test(value) || !URL.canParse(value)) {
    return 'must be an absolute URL with scheme and host, such as "https://example.com/path"';
  }
  return partsProblem(value);
}

function partsProblem(value: string): string | undefined {
  const url = new URL(value);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url))) {
    return 'must use https: (http: is accepted only for a loopback host such as localhost)';
  }
  if (url.username !== '' || url.password !== '') {
    return 'must not hold a user name or password';
  }
  // An empty fragment, as in "https://example.com/#", leaves no trace in `url.hash`.
  return value.includes('#') ? 'must not have a fragment; remove "#" and what follows' : undefined;
}
