import type { AbstractHttpAdapter } from '@nestjs/core';
import { getOrMake } from '../../cache/get-or-make.js';
import { logFailure } from '../../log/log-failure.js';
import { AuthorizationServerUnavailableError } from '../../errors/authorization-server.error.js';
import { pathOf } from '../../url/tenant-template.js';
import type { ProtectedResource, TenantResources } from '../protected-resource.js';
import { sendMetadata, sendNothing, type SendDocument } from './send-document.js';

/**
 * Returns a function that sends the metadata of the tenant that the path names. It reads the path as the client
 * sent it. A router would decode the path first, so one tenant could be written in two ways.
 */
export function sendTenantMetadata(
  adapter: AbstractHttpAdapter,
  tenants: TenantResources,
): SendDocument {
  const cached = new WeakMap<ProtectedResource, SendDocument>();
  return (request, response) => {
    const send = async () => {
      const resource = await tenants.documentedAt(pathOf(request.url ?? ''));
      if (resource === undefined) {
        sendNothing(adapter, response, 404);
        return;
      }
      const sendOwn = getOrMake(cached, resource, () => sendMetadata(adapter, resource));
      sendOwn(request, response);
    };
    // This is not a handler of Nest, so no exception filter would handle an error.
    send().catch((error: unknown) => {
      sendFailure(adapter, response, error);
    });
  };
}

function sendFailure(adapter: AbstractHttpAdapter, response: unknown, error: unknown): void {
  if (error instanceof AuthorizationServerUnavailableError) {
    sendNothing(adapter, response, 503, { 'Retry-After': String(error.retryAfter) });
  } else {
    logFailure(error);
    sendNothing(adapter, response, 500);
  }
}
