/** Returns a resource identifier as it is compared and published: without the lone `/` after an origin. */
export function withoutTrailingSlash(resource: string): string {
  return new URL(resource).origin + '/' === resource ? resource.slice(0, -1) : resource;
}
