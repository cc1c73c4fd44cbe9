import { Injectable, Logger } from '@nestjs/common';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import type { AuthorizationServerMetadata } from '../metadata/authorization-server-metadata.js';
import {
  issuerOf,
  type AuthorizationServerOptions,
} from '../options/authorization-server.options.js';
import { McpAuthModuleSettings } from '../options/mcp-auth-module.options.js';
import { fetchMetadata } from './fetch-metadata.js';
import { logFailure } from './log-failure.js';
import { RemoteDocument } from './remote-document.js';
import { validateServerConfig, type ServerConfigFinding } from './validate-server-config.js';

/** Milliseconds; see {@link McpAuthModuleOptions.fetchTimeout}. */
export const DEFAULT_FETCH_TIMEOUT = 5000;

/**
 * The metadata of the authorization servers that the options name: fetched on demand, at most once
 * at a time, kept, and renewed in the background.
 */
@Injectable()
export class AuthorizationServerMetadataService {
  private readonly logger = new Logger('McpAuthModule');
  private readonly reports = new Map<string, string>();
  private readonly documents: ReadonlyMap<string, RemoteDocument<AuthorizationServerMetadata>>;

  constructor({ protectedResources, fetchTimeout = DEFAULT_FETCH_TIMEOUT }: McpAuthModuleSettings) {
    const servers = [protectedResources]
      .flat()
      .flatMap(({ metadata }) => metadata.authorizationServers);
    this.documents = new Map(
      servers.map((server) => [
        issuerOf(server) ?? '',
        new RemoteDocument(() => this.load(server, fetchTimeout), logFailure),
      ]),
    );
  }

  /** The issuer identifiers of all authorization servers. */
  get issuers(): readonly string[] {
    return [...this.documents.keys()];
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
    const document = this.documents.get(issuer);
    if (document === undefined) {
      throw new McpAuthConfigurationError(
        `No protected resource names the authorization server "${issuer}"; add it to metadata.authorizationServers. Known: ${this.issuers.join(', ')}.`,
      );
    }
    return document;
  }

  private async load(
    server: AuthorizationServerOptions,
    timeout: number,
  ): Promise<AuthorizationServerMetadata> {
    const settings = typeof server === 'string' ? { issuer: server } : server;
    const metadata = settings.metadata ?? (await fetchMetadata(settings, timeout));
    this.reportUnfitness(metadata);
    return metadata;
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
