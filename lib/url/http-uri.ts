import { parseUrl } from './parse-url.js';

/** Matches printable ASCII except a backslash, which `URL` would read as a slash. */
const HTTP_URI = /^https?:\/\/[\x21-\x5b\x5d-\x7e]+$/i;
const DOT_SEGMENT = /\/(?:\.|%2e){1,2}(?:\/|$)/i;
const UNRESERVED = /^[A-Za-z0-9\-._~]$/;

/**
 * Returns an HTTP URI without query and fragment, normalized so that two spellings of it compare equal. The
 * normalization is based on syntax and scheme (RFC 3986, sections 6.2.2 and 6.2.3). Returns `undefined` for a text that
 * is not an HTTP URI, and for a URI with a user name or password.
 */
export function normalizedHttpUri(uri: string): string | undefined {
  const url = HTTP_URI.test(uri) ? parseUrl(uri) : undefined;
  if (url === undefined) {
    return undefined;
  }
  const { origin, pathname, username, password } = url;
  return username === '' && password === '' ? origin + normalizedPath(pathname) : undefined;
}

/**
 * Returns the normalized URI that a client uses for the target of a request. `base` is the part before
 * the path. Returns `undefined` if there is no such URI. There is none for a target with dot segments, because
 * routers and clients read these differently.
 */
export function requestUri(base: string, target: string): string | undefined {
  const [path = ''] = target.split(/[?#]/, 1);
  return path.startsWith('/') && !DOT_SEGMENT.test(path)
    ? normalizedHttpUri(base + path)
    : undefined;
}

/**
 * Returns all URIs that a client may use for the target of a request. There are two if the target is `/`:
 * behind a proxy that maps the base to `/`, one cannot see if the client sent a slash at the end of the base.
 */
export function requestUris(base: string, target: string): readonly (string | undefined)[] {
  const uri = requestUri(base, target);
  const isBase = /^\/(?:[?#]|$)/.test(target);
  return isBase ? [uri, normalizedHttpUri(base)] : [uri];
}

/** Writes percent-encoding in upper case, and decodes the characters that need no encoding. */
function normalizedPath(pathname: string): string {
  return pathname.replace(/%[0-9a-f]{2}/gi, (octet) => {
    const character = String.fromCharCode(parseInt(octet.slice(1), 16));
    return UNRESERVED.test(character) ? character : octet.toUpperCase();
  });
}
