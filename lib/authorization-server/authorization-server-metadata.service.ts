import { Injectable, Logger } from '@nestjs/common';
import type { AuthorizationServerMetadata } from '../metadata/authorization-server-metadata.js';
import {
  AuthorizationServerRegistry,
  type ConfiguredAuthorizationServer,
} from './authorization-server-registry.js';
import { fetchMetadata } from './fetch-metadata.js';
import type { Fetched, RemoteDocument } from './remote-document.js';
import { validateServerConfig, type ServerConfigFinding } from './validate-server-config.js';

/**
 * The metadata of the authorization servers that the options name: fetched on demand, at most once
 * at a time, kept, and renewed in the background.
 */
@Injectable()
export class AuthorizationServerMetadataService {
  private readonly logger = new Logger('McpAuthModule');
  private readonly reports = new Map<string, string>();
  private readonly documents = new Map<string, RemoteDocument<AuthorizationServerMetadata>>();

  constructor(private readonly servers: AuthorizationServerRegistry) {}

  /** The issuer identifiers of all authorization servers. */
  get issuers(): readonly string[] {
    return this.servers.issuers;
  }

  /**
   * The metadata of an authorization server, in camelCase.
   *
   * It says what the server *publishes*; that the server also acts on it is not checked.
   *
   * @throws McpAuthConfigurationError if no protected resource trusts this issuer.
   * @throws AuthorizationServerUnavailableError if it cannot be fetched and none is kept.
   * @throws InvalidAuthorizationServerMetadataError if what was fetched must not be used.
   */
  async get(issuer: string): Promise<AuthorizationServerMetadata> {
    return this.document(issuer).get();
  }

  /** The metadata, where {@link AuthorizationServerMetadataService.get} would not wait for it. */
  current(issuer: string): AuthorizationServerMetadata | undefined {
    return this.document(issuer).current();
  }

  /**
   * Fetches the metadata anew, unless that happened three times within the last 30 seconds.
   *
   * @throws the same errors as {@link AuthorizationServerMetadataService.get}, also while older
   * metadata is kept.
   */
  async refresh(issuer: string): Promise<AuthorizationServerMetadata> {
    return this.document(issuer).refresh();
  }

  private document(issuer: string): RemoteDocument<AuthorizationServerMetadata> {
    const kept = this.documents.get(issuer);
    if (kept !== undefined) {
      return kept;
    }
    const server = this.servers.get(issuer);
    const document = this.servers.keep(() => this.load(server));
    this.documents.set(issuer, document);
    return document;
  }

  private async load({
    options,
    bounds,
  }: ConfiguredAuthorizationServer): Promise<Fetched<AuthorizationServerMetadata>> {
    const fetched = options.metadata
      ? { value: options.metadata, lifetime: Infinity }
      : await fetchMetadata(options, bounds);
    this.reportUnfitness(fetched.value);
    return fetched;
  }

  /**
   * What only a client needs is no reason to refuse its tokens, but worth a word to the operator:
   * once, not at every renewal.
   */
  private reportUnfitness(metadata: AuthorizationServerMetadata): void {
    const { errors, warnings } = validateServerConfig({ metadata });
    const report = listed([...errors, ...warnings]);
    if (this.reports.get(metadata.issuer) === report) {
      return;
    }
    this.reports.set(metadata.issuer, report);
    if (errors.length > 0) {
      this.logger.warn(`MCP clients cannot log in at ${metadata.issuer}: ${listed(errors)}`);
    }
    if (warnings.length > 0) {
      this.logger.debug(`About the authorization server ${metadata.issuer}: ${listed(warnings)}`);
    }
  }
}

function listed(findings: ServerConfigFinding[]): string {
  return findings.map(({ code, description }) => `${description} (${code})`).join(' ');
}
