/**
 * Returns the form in which paths are compared: decoded except for reserved characters such as `%2F`, in lower
 * case, and without a slash at the end, except for `/` itself. A router can lead two paths with the same form to
 * the same route.
 *
 * @throws URIError if the percent-encoding is malformed
 */
export function pathKey(pathname: string): string {
  return decodeURI(pathname)
    .toLowerCase()
    .replace(/(?<=.)\/$/, '');
}
