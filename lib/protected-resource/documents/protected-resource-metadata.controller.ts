import { Controller } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { mountDocuments, type AnswerIfDocument } from './mount-documents.js';
import { ProtectedResourceRegistry } from '../protected-resource-registry.js';
import { sendMetadata, sendPreflight } from './send-document.js';
import { sendTenantMetadata } from './send-tenant-metadata.js';

const WELL_KNOWN = '/.well-known/oauth-protected-resource';

/**
 * Publishes the metadata of every protected resource at its well-known path (RFC 9728, section 3).
 *
 * The paths depend on the options. They must not move with a global prefix, with versioning or behind a
 * catch-all route. So they are mounted on the HTTP adapter, before Nest's own router. No guard, interceptor
 * or filter of the application runs on them.
 */
@Controller()
export class ProtectedResourceMetadataController {
  constructor(
    private readonly resources: ProtectedResourceRegistry,
    private readonly host: HttpAdapterHost,
  ) {}

  /**
   * Mounts the routes. Call it once, before Nest mounts the application's routes. On Express, call the
   * returned function with each request.
   */
  mount(): AnswerIfDocument {
    const adapter = this.host.httpAdapter;
    const documents = this.resources.all.map((resource) => {
      const { metadataUrl, tenants } = resource;
      return tenants === undefined
        ? ([new URL(metadataUrl).pathname, sendMetadata(adapter, resource)] as const)
        : ([tenants.documentPath, sendTenantMetadata(adapter, tenants)] as const);
    });
    return mountDocuments(adapter, WELL_KNOWN, new Map(documents), sendPreflight(adapter));
  }
}
