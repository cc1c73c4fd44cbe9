/** A URL path as routers compare it: two that differ in case, or in a slash at the end, are one. */
export function pathKey(pathname: string): string {
  return decodeURI(pathname)
    .toLowerCase()
    .replace(/(?<=.)\/$/, '');
}
