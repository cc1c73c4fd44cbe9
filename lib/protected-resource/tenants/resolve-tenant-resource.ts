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
import type { ProtectedResourceOptions } from '../../options/protected-resource.options.js';
import type { TenantSettings } from '../../options/tenants.options.js';
import { hasSharedAudience } from '../../options/constraints/tenants.js';
import { forTenant, isTemplate } from '../../url/tenant-template.js';
import type { ProtectedResource } from '../protected-resource.js';
import { resolveProtectedResource } from '../resolve-protected-resource.js';

/**
 * Resolves the resource of one tenant. Its own authorization servers are cached with it, and released
 * together with it.
 *
 * @throws McpAuthConfigurationError if the answer of `tenants` does not fit the other options
 */
export function resolveTenantResource(
  options: ProtectedResourceOptions,
  tenant: string,
  { authorizationServers: answered = [] }: TenantSettings,
  registry: AuthorizationServerRegistry,
): ProtectedResource {
  const { metadata, audience, publishedIssuers, ownIssuers, scopePrefix } = options;
  const named = namedServers(metadata.authorizationServers);
  const listed = named.map((server) =>
    isTemplate(issuerOf(server)) ? serverFor(server, tenant) : server,
  );
  const own = [...listed.filter((server) => !named.includes(server)), ...answered];
  const resolver = [metadata.authorizationServers].flat().filter(isResolver);
  const at = (text: string) => forTenant(text, tenant);
  const resolved = resolveProtectedResource({
    ...options,
    audience: audience === undefined ? undefined : [audience].flat().map(at),
    publishedIssuers: publishedIssuers?.map(at),
    scopePrefix: scopePrefix && at(scopePrefix),
    ownIssuers: ownIssuers?.map(at),
    metadata: {
      ...metadata,
      resource: at(metadata.resource),
      authorizationServers: [...listed, ...answered, ...resolver] as AuthorizationServerOptions[],
    },
  });
  assertFits(resolved, answered, options);
  const servers = byTokenIssuer(own.map((server) => registry.register(server)));
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

function assertFits(
  { issuers }: ProtectedResource,
  answered: readonly AuthorizationServerOptions[],
  options: ProtectedResourceOptions,
): void {
  const problem = answerProblem(issuers, answered, options);
  if (problem !== undefined) {
    throw new McpAuthConfigurationError(
      `The options that "tenants" of ${options.metadata.resource} answered ${problem}.`,
    );
  }
}

function answerProblem(
  issuers: readonly string[],
  answered: readonly AuthorizationServerOptions[],
  options: ProtectedResourceOptions,
): string | undefined {
  if (new Set(issuers).size < issuers.length) {
    return 'name an issuer in authorizationServers twice, or one that metadata.authorizationServers names already';
  }
  if (answered.length > 0 && hasSharedAudience(options)) {
    return 'have authorizationServers, but an audience without "{tenant}" does not tell whether a token is for this tenant or another; put "{tenant}" into every audience';
  }
  return issuers.length === 0 && options.publishedIssuers === undefined
    ? 'have no authorizationServers, and metadata.authorizationServers names none either, so there is none to publish'
    : undefined;
}
