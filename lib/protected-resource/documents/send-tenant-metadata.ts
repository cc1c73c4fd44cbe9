import type { AbstractHttpAdapter } from '@nestjs/core';
import { getOrMake } from '../../cache/get-or-make.js';
import { pathOf } from '../../url/tenant-template.js';
import type { ProtectedResource, TenantResources } from '../protected-resource.js';
import { sendMetadata, sendNothing, sendWhenReady, type SendDocument } from './send-document.js';

/**
 * Returns a function that sends the metadata of the tenant that the path names. It reads the path as the client
 * sent it. A router would decode the path first, so one tenant could be written in two ways.
 */
export function sendTenantMetadata(
  adapter: AbstractHttpAdapter,
  tenants: TenantResources,
): SendDocument {
  const cached = new WeakMap<ProtectedResource, SendDocument>();
  return sendWhenReady(adapter, async (request, response) => {
    const resource = await tenants.documentedAt(pathOf(request.url ?? ''));
    if (resource === undefined) {
      sendNothing(adapter, response, 404);
      return;
    }
    const send = getOrMake(cached, resource, () => sendMetadata(adapter, resource));
    send(request, response);
  });
}
