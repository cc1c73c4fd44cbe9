import { NotFoundException } from '@nestjs/common';
import { getOrMake } from '../cache/get-or-make.js';
import { rejectionsAt, type ProtectedAccess } from '../policy/access-policy.js';
import { nameOf } from '../handler/handler.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import type { ProtectedResource } from '../protected-resource/protected-resource.js';
import { pathOf } from '../url/tenant-template.js';
import type { NodeRequest } from '../transport/authenticated-request.js';

/** The cached policies of each tenant's resource. They are released together with the resource. */
const cached = new WeakMap<ProtectedResource, Map<ProtectedAccess, ProtectedAccess>>();

/**
 * Returns the policy of a handler for the tenant in the path of the request. It reads the path that the
 * client sent, before any middleware changed it.
 *
 * @throws NotFoundException if there is no such tenant
 * @throws AuthorizationServerUnavailableError, McpAuthConfigurationError if the application's `tenants`
 * function fails, or returns something that is not valid
 * @throws McpAuthConfigurationError if the request has no path, like a WebSocket message
 */
export async function accessOfTenant(
  { originalUrl, url }: NodeRequest,
  policy: ProtectedAccess,
): Promise<ProtectedAccess> {
  const target = originalUrl ?? url;
  const { tenants, resource: template } = policy.resource;
  if (target === undefined) {
    throw new McpAuthConfigurationError(
      `${nameOf(policy.handler)} belongs to ${template}, but this request has no path that names the tenant, so this kind of request cannot call it.`,
    );
  }
  const resource = await tenants?.requestedAt(pathOf(target));
  if (resource === undefined) {
    throw new NotFoundException('The path names no tenant.');
  }
  return accessAt(resource, policy);
}

function accessAt(resource: ProtectedResource, policy: ProtectedAccess): ProtectedAccess {
  const ofResource = getOrMake(cached, resource, () => new Map<ProtectedAccess, ProtectedAccess>());
  return getOrMake(ofResource, policy, () =>
    Object.freeze({ ...policy, resource, rejections: rejectionsAt(resource, policy.scopes) }),
  );
}
