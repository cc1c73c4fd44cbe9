import {
  byTokenIssuer,
  type AuthorizationServerRegistry,
} from '../../authorization-server/authorization-server-registry.js';
import { McpAuthConfigurationError } from '../../errors/configuration.error.js';
import {
  issuerOf,
  tokenIssuersOf,
  type AuthorizationServerOptions,
  type DiscoveredAuthorizationServer,
} from '../../options/authorization-server.options.js';
import { isResolver, namedServers } from '../../options/authorization-server-resolver.js';
import type { JwtOptions } from '../../options/jwt.options.js';
import type { ProtectedResourceOptions } from '../../options/protected-resource.options.js';
import type { TenantSettings } from '../../options/tenants.options.js';
import { sharedIssuer } from '../../options/constraints/are-own-issuers.js';
import { sameIssuerProblem } from '../../options/constraints/are-authorization-servers.js';
import { hasSharedAudience } from '../../options/constraints/tenants.js';
import { forTenant, isTemplate } from '../../url/tenant-template.js';
import type { ProtectedResource } from '../protected-resource.js';
import { resolveProtectedResource } from '../resolve-protected-resource.js';

/**
 * Resolves the resource of one tenant. The tenant's own authorization servers are cached with the resource, and
 * released together with it.
 *
 * @throws McpAuthConfigurationError if the options that `tenants` returned do not fit the other options
 */
export function resolveTenantResource(
  options: ProtectedResourceOptions,
  tenant: string,
  { authorizationServers: returned = [] }: TenantSettings,
  registry: AuthorizationServerRegistry,
): ProtectedResource {
  const { metadata, audience, jwt, publishedIssuers, scopePrefix } = options;
  const at = (text: string) => forTenant(text, tenant);
  const ownIssuers = options.ownIssuers?.map(at);
  const named = namedServers(metadata.authorizationServers);
  const listed = named.map((server) =>
    isTemplate(issuerOf(server)) ? serverFor(server, tenant) : server,
  );
  const own = [...listed.filter((server) => !named.includes(server)), ...returned];
  const problem = returnedProblem(listed, returned, { ...options, ownIssuers });
  if (problem !== undefined) {
    throw new McpAuthConfigurationError(
      `"tenants" of ${metadata.resource} returned options for "${tenant}" that do not fit: ${problem}.`,
    );
  }
  const resolvers = [metadata.authorizationServers].flat().filter(isResolver);
  const resolved = resolveProtectedResource({
    ...options,
    audience: audience === undefined ? undefined : [audience].flat().map(at),
    publishedIssuers: publishedIssuers?.map(at),
    jwt: hasSharedAudience(options) ? withRequiredIssuer(jwt) : jwt,
    scopePrefix: scopePrefix && at(scopePrefix),
    ownIssuers,
    metadata: {
      ...metadata,
      resource: at(metadata.resource),
      authorizationServers: [...listed, ...returned, ...resolvers] as AuthorizationServerOptions[],
    },
  });
  const servers = byTokenIssuer(own.map((server) => registry.prepare(server)));
  return Object.freeze({
    ...resolved,
    tenant,
    servers: new Map([...registry.listedIn(metadata.authorizationServers), ...servers]),
  });
}

function serverFor(server: AuthorizationServerOptions, tenant: string): AuthorizationServerOptions {
  const { issuer, metadataUrl, ...options } = server as DiscoveredAuthorizationServer;
  return {
    ...options,
    issuer: forTenant(issuer, tenant),
    tokenIssuer: tokenIssuersOf(server).map((text) => forTenant(text, tenant)),
    metadataUrl: metadataUrl && forTenant(metadataUrl, tenant),
  };
}

/**
 * Requires every token to contain `iss`. This is used if only the issuer tells which tenant a token is for. An
 * introspection response may lack `iss`, and one authorization server may issue the tokens of all tenants.
 */
function withRequiredIssuer(jwt: JwtOptions = {}): JwtOptions {
  return { ...jwt, requiredClaims: [...(jwt.requiredClaims ?? []), 'iss'] };
}

/**
 * Returns why the options that `tenants` returned do not fit the other options, or `undefined` if they fit.
 *
 * @param listed - the authorization servers of `metadata`, for this tenant
 * @param returned - the authorization servers that `tenants` returned
 */
function returnedProblem(
  listed: readonly AuthorizationServerOptions[],
  returned: readonly AuthorizationServerOptions[],
  options: ProtectedResourceOptions,
): string | undefined {
  const sameIssuer = sameIssuerProblem([...listed, ...returned]);
  if (sameIssuer !== undefined) {
    return `with metadata.authorizationServers, the tenant ${sameIssuer}`;
  }
  const ofVerifiers = sharedIssuer(options.ownIssuers ?? [], [...listed, ...returned]);
  if (ofVerifiers !== undefined) {
    return `with ownIssuers, an authorization server of the tenant has the issuer "${ofVerifiers}", which only your own verifiers may return; change ownIssuers or that issuer`;
  }
  if (returned.length > 0 && hasSharedAudience(options)) {
    return options.dangerouslySkipAudienceCheck === true
      ? 'they have authorizationServers, but with dangerouslySkipAudienceCheck nothing tells whether a token is for this tenant or another; remove dangerouslySkipAudienceCheck'
      : 'they have authorizationServers, but an audience without "{tenant}" does not tell whether a token is for this tenant or another; put "{tenant}" into every audience';
  }
  return listed.length + returned.length === 0 && options.publishedIssuers === undefined
    ? 'they have no authorizationServers, and metadata.authorizationServers names none either; return at least one'
    : undefined;
}
