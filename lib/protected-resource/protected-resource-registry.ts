import { Injectable } from '@nestjs/common';
import { AuthorizationServerRegistry } from '../authorization-server/authorization-server-registry.js';
import { McpAuthModuleSettings } from '../options/mcp-auth-module.options.js';
import type { ProtectedResourceOptions } from '../options/protected-resource.options.js';
import { withoutTrailingSlash } from '../url/resource-identifier.js';
import type { ProtectedResource, TenantResources } from './protected-resource.js';
import { resolveProxyAssertion } from './resolve-proxy-assertion.js';
import { resolveProtectedResource } from './resolve-protected-resource.js';
import { parseUrl } from '../url/parse-url.js';
import { isTemplate } from '../url/tenant-template.js';
import { insertWellKnown } from '../url/well-known-url.js';
import { TenantDirectory } from './tenants/tenant-directory.js';

/** Holds the protected resources of this application. */
@Injectable()
export class ProtectedResourceRegistry {
  private readonly resources: ReadonlyMap<string, ProtectedResource>;

  /** @internal */
  constructor(settings: McpAuthModuleSettings, servers: AuthorizationServerRegistry) {
    const resolved = [settings.protectedResources].flat().map((options) => {
      const resource = withServers(options, servers);
      return isTemplate(resource.resource)
        ? withTenants(resource, new TenantDirectory(options, settings, servers, resource))
        : resource;
    });
    this.resources = new Map(resolved.map((resource) => [resource.resource, resource]));
  }

  /** All resources, in the order of the options. */
  get all(): readonly ProtectedResource[] {
    return [...this.resources.values()];
  }

  /** Returns the resource with this identifier. */
  get(resource: string): ProtectedResource | undefined {
    return parseUrl(resource) ? this.resources.get(withoutTrailingSlash(resource)) : undefined;
  }

  /**
   * Returns the resource of a tenant, by its identifier with the tenant's name in the place of `{tenant}`.
   *
   * @throws AuthorizationServerUnavailableError, McpAuthConfigurationError as {@link TenantResources.get} does
   */
  async ofTenant(resource: string): Promise<ProtectedResource | undefined> {
    const document = parseUrl(resource) && insertWellKnown(resource, 'oauth-protected-resource');
    for (const { tenants } of document === undefined ? [] : this.all) {
      const found = await tenants?.documentedAt(new URL(document ?? '').pathname);
      if (found?.resource === withoutTrailingSlash(resource)) {
        return found;
      }
    }
    return undefined;
  }
}

function withServers(
  options: ProtectedResourceOptions,
  registry: AuthorizationServerRegistry,
): ProtectedResource {
  const servers = registry.listedIn(options.metadata.authorizationServers);
  const mirroredServer = options.legacyDiscovery ? [...servers.values()][0] : undefined;
  const resource = { ...resolveProtectedResource(options), servers, mirroredServer };
  const { proxyAssertion } = options;
  return Object.freeze({
    ...resource,
    proxyAssertion: proxyAssertion && resolveProxyAssertion(proxyAssertion, resource, registry),
  });
}

/** Adds the tenants to a resource. Issuers that are known only with the tenant are left out. */
function withTenants(resource: ProtectedResource, tenants: TenantResources): ProtectedResource {
  const issuers = [...(resource.servers?.keys() ?? [])];
  return Object.freeze({ ...resource, issuers, tenants });
}
