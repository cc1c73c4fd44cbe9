import type { ProtectedResourceOptions } from '../options/protected-resource.options.js';

/** Returns the start-up warnings about the options of a resource. */
export function resourceWarnings({
  metadata: { resource, scopesSupported },
  dangerouslySkipAudienceCheck,
  publishedIssuers,
  developmentHosts,
}: ProtectedResourceOptions): string[] {
  return [
    developmentHosts
      ? `${resource} may be called at ${developmentHosts.join(', ')}, without TLS (developmentHosts). This is only for development.`
      : [],
    dangerouslySkipAudienceCheck
      ? `${resource} accepts tokens meant for any other service (dangerouslySkipAudienceCheck).`
      : [],
    publishedIssuers?.length === 0
      ? `The metadata of ${resource} names no authorization server (publishedIssuers: []). MCP clients cannot log in: the document must name at least one (MCP authorization, "Authorization Server Location").`
      : [],
    scopesSupported?.includes('offline_access')
      ? `The metadata of ${resource} lists "offline_access" in scopesSupported. Refresh tokens concern only the client and the authorization server, so a resource should not list that scope (MCP authorization, "Refresh Tokens").`
      : [],
  ].flat();
}
