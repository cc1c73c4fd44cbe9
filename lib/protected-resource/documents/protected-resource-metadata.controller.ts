import { Controller } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { MirroredServerMetadata } from './mirrored-server-metadata.js';
import { mountDocuments, type AnswerIfDocument } from './mount-documents.js';
import { ProtectedResourceRegistry } from '../protected-resource-registry.js';
import { ROOT_DOCUMENT } from '../../options/document-paths.js';
import { sendMetadata, sendPreflight } from './send-document.js';
import { sendTenantMetadata } from './send-tenant-metadata.js';

/**
 * Publishes the metadata of every protected resource at its well-known path (RFC 9728, section 3).
 *
 * The paths depend on the options. A global prefix or versioning must not change them, and a catch-all route must not
 * hide them. So requests for these paths are answered before Nest's own router: by routes of the adapter on Fastify, in
 * a middleware on Express. No guard, interceptor or filter of the application runs on these requests.
 */
@Controller()
export class ProtectedResourceMetadataController {
  constructor(
    private readonly resources: ProtectedResourceRegistry,
    private readonly mirrored: MirroredServerMetadata,
    private readonly host: HttpAdapterHost,
  ) {}

  /**
   * Mounts the routes on Fastify. On Express it mounts nothing: call the returned function with each request.
   * Call `mount` once, before Nest mounts the application's routes.
   */
  mount(): AnswerIfDocument {
    const adapter = this.host.httpAdapter;
    const documents = this.resources.all.flatMap((resource) => {
      const { documentPaths, tenants } = resource;
      const [paths, send] =
        tenants === undefined
          ? [documentPaths, sendMetadata(adapter, resource)]
          : [[tenants.documentPath], sendTenantMetadata(adapter, tenants)];
      return paths.map((path) => [path, send] as const);
    });
    const areWellKnown = documents.every(([path]) => path.startsWith(ROOT_DOCUMENT));
    const prefix = areWellKnown ? ROOT_DOCUMENT : '/';
    const preflight = sendPreflight(adapter);
    return this.mirrored.addTo(mountDocuments(adapter, prefix, new Map(documents), preflight));
  }
}
