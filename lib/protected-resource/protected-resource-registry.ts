import { Injectable } from '@nestjs/common';
import { McpAuthModuleSettings } from '../options/mcp-auth-module.options.js';
import { withoutTrailingSlash } from '../url/resource-identifier.js';
import type { ProtectedResource } from './protected-resource.js';
import { resolveProtectedResource } from './resolve-protected-resource.js';
import { parseUrl } from '../url/parse-url.js';

/** The protected resources of this application. */
@Injectable()
export class ProtectedResourceRegistry {
  private readonly resources: ReadonlyMap<string, ProtectedResource>;

  constructor({ protectedResources }: McpAuthModuleSettings) {
    const resolved = [protectedResources].flat().map(resolveProtectedResource);
    this.resources = new Map(resolved.map((resource) => [resource.resource, resource]));
  }

  /** All of them, in the order of the options. */
  get all(): readonly ProtectedResource[] {
    return [...this.resources.values()];
  }

  /** The one with this resource identifier. */
  get(resource: string): ProtectedResource | undefined {
    return parseUrl(resource) ? this.resources.get(withoutTrailingSlash(resource)) : undefined;
  }
}
