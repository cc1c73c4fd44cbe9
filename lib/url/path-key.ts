/** Returns the form of a path in which routers compare it: without case, and without a slash at the end. */
export function pathKey(pathname: string): string {
  return decodeURI(pathname)
    .toLowerCase()
    .replace(/(?<=.)\/$/, '');
}
