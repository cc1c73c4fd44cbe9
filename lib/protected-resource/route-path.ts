/**
 * A URL path as a route that matches it literally: the special characters of the adapter's router
 * (path-to-regexp for Express, find-my-way for Fastify) are escaped.
 */
export function toRoutePath(pathname: string, adapter: string): string {
  return adapter === 'fastify'
    ? decodeURI(pathname).replaceAll(':', '::')
    : pathname.replace(/[\\:*{}()[\]+?!]/g, String.raw`\$&`);
}
