import type { AbstractHttpAdapter } from '@nestjs/core';
import { getOrMake } from '../../cache/get-or-make.js';
import { logFailure } from '../../log/log-failure.js';
import { AuthorizationServerUnavailableError } from '../../errors/authorization-server.error.js';
import { pathOf } from '../../url/tenant-template.js';
import type { ProtectedResource, TenantResources } from '../protected-resource.js';
import { sendMetadata, sendNothing, type SendDocument } from './send-document.js';

/**
 * Answers with the metadata of the tenant that the path names. The target is read as it was sent: routers
 * decode it, and there would be two spellings of one tenant.
 */
export function sendTenantMetadata(
  adapter: AbstractHttpAdapter,
  tenants: TenantResources,
): SendDocument {
  const made = new WeakMap<ProtectedResource, SendDocument>();
  return (request, response) => {
    const send = async () => {
      const resource = await tenants.documentedAt(pathOf(request.url ?? ''));
      if (resource === undefined) {
        sendNothing(adapter, response, 404);
        return;
      }
      const sendOwn = getOrMake(made, resource, () => sendMetadata(adapter, resource));
      sendOwn(request, response);
    };
    // No handler of Nest's: nobody else would see to an error.
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
