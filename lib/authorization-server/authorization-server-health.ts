import { Injectable } from '@nestjs/common';
import {
  AuthorizationServerRegistry,
  type ConfiguredAuthorizationServer,
} from './authorization-server-registry.js';
import type { DocumentCondition } from './fetching/cached-document.js';
import { JwkSetService } from './jwk-set/jwk-set.service.js';
import { AuthorizationServerMetadataService } from './metadata/authorization-server-metadata.service.js';

/** The conditions of an authorization server's documents; `undefined` for a document that the options contain. */
export interface AuthorizationServerConditions {
  readonly issuer: string;
  readonly metadata: DocumentCondition | undefined;
  readonly jwks: DocumentCondition | undefined;
}

/** Tells which documents of the authorization servers are cached. It fetches nothing. */
@Injectable()
export class AuthorizationServerHealth {
  constructor(
    private readonly servers: AuthorizationServerRegistry,
    private readonly metadata: AuthorizationServerMetadataService,
    private readonly jwkSets: JwkSetService,
  ) {}

  /** The issuer identifiers of all authorization servers that the options name. */
  get issuers(): readonly string[] {
    return this.servers.issuers;
  }

  /**
   * Returns the conditions of the documents of an authorization server.
   *
   * @throws McpAuthConfigurationError if no protected resource in the options names this issuer
   */
  of(issuer: string): AuthorizationServerConditions {
    const server = this.servers.get(issuer);
    return {
      issuer,
      metadata: this.metadataOf(server),
      jwks: this.jwkSets.conditionOf(server),
    };
  }

  private metadataOf(server: ConfiguredAuthorizationServer): DocumentCondition | undefined {
    return server.options.metadata === undefined
      ? this.metadata.documentOf(server).condition
      : undefined;
  }
}
