/**
 * Returns the form in which paths are compared: decoded, in lower case, and without a slash at the end. Routers
 * may lead two paths with the same form to the same route.
 *
 * @throws URIError if the percent-encoding is malformed
 */
export function pathKey(pathname: string): string {
  return decodeURI(pathname)
    .toLowerCase()
    .replace(/(?<=.)\/$/, '');
}
