import { NotFoundException } from '@nestjs/common';
import { getOrMake } from '../cache/get-or-make.js';
import { rejectionsAt, type ProtectedAccess } from '../policy/access-policy.js';
import { nameOf } from '../handler/handler.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import type { ProtectedResource } from '../protected-resource/protected-resource.js';
import { pathOf } from '../url/tenant-template.js';
import type { NodeRequest } from '../transport/authenticated-request.js';

/** By the tenant's resource, and gone with it. */
const known = new WeakMap<ProtectedResource, Map<ProtectedAccess, ProtectedAccess>>();

/**
 * What a handler demands of a request, at the resource of the tenant that the request's path names: the
 * path that the client sent, before any middleware changed it.
 *
 * @throws NotFoundException if it names none
 * @throws AuthorizationServerUnavailableError, McpAuthConfigurationError if the application does not say
 */
export async function accessOfTenant(
  { originalUrl, url }: NodeRequest,
  policy: ProtectedAccess,
): Promise<ProtectedAccess> {
  const target = originalUrl ?? url;
  const { tenants, resource: template } = policy.resource;
  if (target === undefined) {
    throw new McpAuthConfigurationError(
      `${nameOf(policy.handler)} belongs to ${template}, and its request has no path to read the tenant from: it cannot be called in this way.`,
    );
  }
  const resource = await tenants?.requestedAt(pathOf(target));
  if (resource === undefined) {
    throw new NotFoundException('The path names no tenant.');
  }
  return accessAt(resource, policy);
}

function accessAt(resource: ProtectedResource, policy: ProtectedAccess): ProtectedAccess {
  const ofResource = getOrMake(known, resource, () => new Map<ProtectedAccess, ProtectedAccess>());
  return getOrMake(ofResource, policy, () =>
    Object.freeze({ ...policy, resource, rejections: rejectionsAt(resource, policy.scopes) }),
  );
}
