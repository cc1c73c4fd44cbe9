import { parseUrl } from './parse-url.js';

/** Printable ASCII as a URI is written; `URL` would take a backslash for a slash. */
const HTTP_URI = /^https?:\/\/[\x21-\x5b\x5d-\x7e]+$/i;
const DOT_SEGMENT = /\/(?:\.|%2e){1,2}(?:\/|$)/i;
const UNRESERVED = /^[A-Za-z0-9\-._~]$/;

/**
 * An HTTP URI without query and fragment, normalized by its syntax and its scheme (RFC 3986, sections
 * 6.2.2 and 6.2.3), so that two spellings of one URI compare equal; nothing for what is none.
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
 * The URI at which a client sees the target of a request, normalized, where `base` stands for what is
 * before the path; nothing for a target with dot segments, which routers do not read as clients do.
 */
export function requestUri(base: string, target: string): string | undefined {
  const [path = ''] = target.split(/[?#]/, 1);
  return path.startsWith('/') && !DOT_SEGMENT.test(path)
    ? normalizedHttpUri(base + path)
    : undefined;
}

/**
 * Returns all URIs at which a client may see the target of a request. A proxy that maps the base itself to
 * `/` leaves no trace of whether the client sent the base with a slash or without.
 */
export function requestUris(base: string, target: string): readonly (string | undefined)[] {
  const uri = requestUri(base, target);
  const isBase = /^\/(?:[?#]|$)/.test(target);
  return isBase ? [uri, normalizedHttpUri(base)] : [uri];
}

/** Percent-encoding in upper case, and none where none is needed. */
function normalizedPath(pathname: string): string {
  return pathname.replace(/%[0-9a-f]{2}/gi, (octet) => {
    const character = String.fromCharCode(parseInt(octet.slice(1), 16));
    return UNRESERVED.test(character) ? character : octet.toUpperCase();
  });
}
