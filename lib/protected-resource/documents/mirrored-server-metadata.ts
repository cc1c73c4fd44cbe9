import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { ConfiguredAuthorizationServer } from '../../authorization-server/authorization-server-registry.js';
import { AuthorizationServerMetadataService } from '../../authorization-server/metadata/authorization-server-metadata.service.js';
import { SERVER_DOCUMENT } from '../../url/well-known-url.js';
import { ProtectedResourceRegistry } from '../protected-resource-registry.js';
import { assertRouteIsFree } from './assert-route-is-free.js';
import { mountDocuments, type AnswerIfDocument } from './mount-documents.js';
import { sendPreflight } from './send-document.js';
import { sendServerMetadata } from './send-server-metadata.js';

/**
 * Publishes the metadata document of an authorization server at the origin of the resource (`legacyDiscovery`). Clients
 * of MCP 2025-03-26 look there. The document is mounted after all routes of the application, because such a route at
 * the same path must stop the start.
 */
@Injectable()
export class MirroredServerMetadata implements OnApplicationBootstrap {
  private readonly server: ConfiguredAuthorizationServer | undefined;
  private answerIfMounted: AnswerIfDocument = () => false;

  constructor(
    { all }: ProtectedResourceRegistry,
    private readonly metadata: AuthorizationServerMetadataService,
    private readonly host: HttpAdapterHost,
  ) {
    this.server = all.find(({ mirroredServer }) => mirroredServer)?.mirroredServer;
  }

  /**
   * Returns a function that does what `answer` does, and also answers requests for this document. Returns `answer`
   * itself if there is no document.
   */
  addTo(answer: AnswerIfDocument): AnswerIfDocument {
    return this.server === undefined
      ? answer
      : (request, response) => answer(request, response) || this.answerIfMounted(request, response);
  }

  onApplicationBootstrap(): void {
    const { server } = this;
    // Without HTTP, as in `NestFactory.createApplicationContext()`, there is no adapter.
    const { httpAdapter: adapter } = this.host as Partial<HttpAdapterHost>;
    if (server === undefined || !adapter) {
      return;
    }
    assertRouteIsFree(adapter, SERVER_DOCUMENT);
    const send = sendServerMetadata(adapter, () => this.metadata.textOf(server));
    const documents = new Map([[SERVER_DOCUMENT, send]]);
    this.answerIfMounted = mountDocuments(
      adapter,
      SERVER_DOCUMENT,
      documents,
      sendPreflight(adapter),
    );
  }
}
