import { Resolutions } from '../../async/resolutions.js';
import type { AuthorizationServerRegistry } from '../../authorization-server/authorization-server-registry.js';
import { resolutionBounds } from '../../authorization-server/fetching/resolution-bounds.js';
import type { McpAuthModuleSettings } from '../../options/mcp-auth-module.options.js';
import type { ProtectedResourceOptions } from '../../options/protected-resource.options.js';
import { TenantSettings } from '../../options/tenants.options.js';
import { validateOptions } from '../../options/validation/validate-options.js';
import { isTenantName, TenantPath, templatePath } from '../../url/tenant-template.js';
import { insertWellKnown } from '../../url/well-known-url.js';
import type { ProtectedResource, TenantResources } from '../protected-resource.js';
import { resolveTenantResource } from './resolve-tenant-resource.js';

/** Finds the resources of the application's tenants. */
export class TenantDirectory implements TenantResources {
  readonly documentPath: string;
  private readonly requests: TenantPath;
  private readonly documents: TenantPath;
  private readonly names: ReadonlySet<string> | undefined;
  private readonly resources: Resolutions<string, TenantSettings, ProtectedResource>;

  constructor(
    options: ProtectedResourceOptions,
    settings: McpAuthModuleSettings,
    servers: AuthorizationServerRegistry,
    { relatedScopes }: Pick<ProtectedResource, 'relatedScopes'>,
  ) {
    const { tenants = [], tenantPath, metadata } = options;
    const { resource } = metadata;
    this.documentPath = templatePath(insertWellKnown(resource, 'oauth-protected-resource'));
    this.requests = new TenantPath(tenantPath ?? templatePath(resource));
    this.documents = new TenantPath(this.documentPath);
    this.names = typeof tenants === 'function' ? undefined : new Set(tenants);
    const whose = `The options that "tenants" of ${resource} returned`;
    this.resources = new Resolutions({
      ...resolutionBounds(settings),
      what: `"tenants" of ${resource}`,
      ask: (tenant: string) => (typeof tenants === 'function' ? tenants(tenant) : true),
      check: (answer) => checked(answer, whose),
      // All tenants share one set with the resource that has `{tenant}`. The scopes that handlers require are added
      // to that set.
      make: (answer, tenant) =>
        Object.freeze({
          ...resolveTenantResource(options, tenant, answer, servers),
          relatedScopes,
        }),
    });
  }

  get(tenant: string): ReturnType<TenantResources['get']> {
    return isTenantName(tenant) && this.names?.has(tenant) !== false
      ? this.resources.get(tenant, tenant)
      : undefined;
  }

  requestedAt(path: string): ReturnType<TenantResources['get']> {
    return this.get(this.requests.tenantAtOrBelow(path) ?? '');
  }

  documentedAt(path: string): ReturnType<TenantResources['get']> {
    return this.get(this.documents.tenantAt(path) ?? '');
  }
}

function checked(answer: unknown, whose: string): TenantSettings | undefined {
  if (answer === undefined || answer === false) {
    return undefined;
  }
  return validateOptions(TenantSettings, answer === true ? {} : answer, whose);
}
