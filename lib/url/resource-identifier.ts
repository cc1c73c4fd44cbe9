/** A resource identifier as it is compared and published: the lone `/` of an origin is dropped. */
export function withoutTrailingSlash(resource: string): string {
  return new URL(resource).origin + '/' === resource ? resource.slice(0, -1) : resource;
}
