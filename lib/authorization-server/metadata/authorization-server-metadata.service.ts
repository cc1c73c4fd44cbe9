import { Injectable } from '@nestjs/common';
import { log } from '../../log/log.js';
import type { AuthorizationServerMetadata } from '../../metadata/authorization-server-metadata.js';
import {
  AuthorizationServerRegistry,
  type ConfiguredAuthorizationServer,
} from '../authorization-server-registry.js';
import { InvalidAuthorizationServerMetadataError } from '../../errors/authorization-server.error.js';
import { McpAuthConfigurationError } from '../../errors/configuration.error.js';
import { fetchMetadata } from './fetch-metadata.js';
import { missingMember } from './needed-metadata.js';
import type { Fetched, RemoteDocument } from '../fetching/remote-document.js';
import type { ServerConfigResource } from './server-checks.js';
import {
  validateKnownMetadata,
  validateServerConfig,
  type ServerConfigFinding,
} from './validate-server-config.js';

/**
 * Provides the metadata of the authorization servers that the options name. The metadata is fetched on demand,
 * at most once at a time, cached, and renewed in the background.
 */
@Injectable()
export class AuthorizationServerMetadataService {
  private readonly reports = new WeakMap<ConfiguredAuthorizationServer, string>();
  /** For each issuer, the resources whose requirements its metadata must meet. */
  private readonly resources = new Map<string, readonly ServerConfigResource[]>();
  /** The texts of the documents that a resource publishes (`legacyDiscovery`), as they were fetched. */
  private readonly texts = new WeakMap<AuthorizationServerMetadata, string>();
  private readonly documents = new WeakMap<
    ConfiguredAuthorizationServer,
    RemoteDocument<AuthorizationServerMetadata>
  >();

  /** @internal */
  constructor(private readonly servers: AuthorizationServerRegistry) {}

  /** The issuer identifiers of all authorization servers that the options name. */
  get issuers(): readonly string[] {
    return this.servers.issuers;
  }

  /**
   * Returns the metadata of an authorization server, in camelCase. If a fetch fails, this method returns the
   * cached metadata, unless no metadata is cached or the cached metadata is too old (`staleIfError`).
   *
   * The metadata is what the server *publishes*. This method does **not** check that the server acts
   * accordingly.
   *
   * @param issuer - the option `issuer` of the server, even if its tokens have another `iss` (`tokenIssuer`)
   * @throws McpAuthConfigurationError if no protected resource in the options names this issuer.
   * @throws AuthorizationServerUnavailableError if the server cannot be reached, answers too late, or answers
   * 429 or 5xx.
   * @throws InvalidAuthorizationServerMetadataError if the server gave no document that is safe to use.
   */
  async get(issuer: string): Promise<AuthorizationServerMetadata> {
    return this.documentOf(this.servers.get(issuer)).get();
  }

  /** Returns the metadata if {@link AuthorizationServerMetadataService.get} would not wait for it. */
  current(issuer: string): AuthorizationServerMetadata | undefined {
    return this.documentOf(this.servers.get(issuer)).current();
  }

  /**
   * Fetches the metadata again and returns it. If it was fetched three times within the last 30 seconds, and the
   * last fetch did not fail, this method returns the cached metadata.
   *
   * @throws the same errors as {@link AuthorizationServerMetadataService.get}, even if older metadata is
   * cached.
   */
  async refresh(issuer: string): Promise<AuthorizationServerMetadata> {
    return this.documentOf(this.servers.get(issuer)).refresh();
  }

  /**
   * Returns the document of an authorization server, whether the options name the server or not.
   *
   * @internal
   */
  documentOf(server: ConfiguredAuthorizationServer): RemoteDocument<AuthorizationServerMetadata> {
    const cached = this.documents.get(server);
    if (cached !== undefined) {
      return cached;
    }
    const document = this.servers.cacheDocument<AuthorizationServerMetadata>(
      { issuer: server.issuer, document: 'metadata' },
      (previous) => this.load(server, previous),
    );
    this.documents.set(server, document);
    return document;
  }

  /**
   * Returns the text of a server's metadata document as it was fetched, before `transformMetadata`. A resource
   * with `legacyDiscovery` publishes this text.
   *
   * @throws AuthorizationServerError if the document cannot be fetched or must not be used, and no document is
   * cached or the cached document is too old
   * @throws McpAuthConfigurationError if no resource of the server has `legacyDiscovery`
   * @internal
   */
  async textOf(server: ConfiguredAuthorizationServer): Promise<string> {
    const text = this.texts.get(await this.documentOf(server).get());
    if (text === undefined) {
      throw new McpAuthConfigurationError(
        `No resource publishes the metadata document of ${server.issuer}; set legacyDiscovery of its resource.`,
      );
    }
    return text;
  }

  /**
   * Checks the metadata of a server against the requirements of these resources: at once if metadata is cached,
   * and whenever it is fetched.
   *
   * @internal
   */
  checkFor(issuer: string, resources: readonly ServerConfigResource[]): void {
    this.resources.set(issuer, resources);
    const metadata = this.current(issuer);
    if (metadata !== undefined) {
      this.reportUnfitness(this.servers.get(issuer), metadata);
    }
  }

  private async load(
    server: ConfiguredAuthorizationServer,
    cached: AuthorizationServerMetadata | undefined,
  ): Promise<Fetched<AuthorizationServerMetadata>> {
    const { options, bounds, isMirrored } = server;
    const fetched: Fetched<AuthorizationServerMetadata> & { text?: string } = options.metadata
      ? { value: options.metadata, lifetime: Infinity }
      : await fetchMetadata(options, bounds);
    assertNotPoorer(fetched.value, cached, options);
    this.reportUnfitness(server, fetched.value);
    if (isMirrored && fetched.text !== undefined) {
      this.texts.set(fetched.value, fetched.text);
    }
    return fetched;
  }

  /**
   * Logs what the server lacks for MCP clients and for the resources. The same report is not repeated at every
   * renewal. The server's tokens are not rejected because of this report.
   */
  private reportUnfitness(
    server: ConfiguredAuthorizationServer,
    metadata: AuthorizationServerMetadata,
  ): void {
    const results = (this.resources.get(server.issuer) ?? [{}]).map((resource) =>
      server.options.metadata
        ? validateKnownMetadata(metadata, resource)
        : validateServerConfig({ metadata }, resource),
    );
    const errors = listed(results.flatMap((result) => result.errors));
    const warnings = listed(results.flatMap((result) => result.warnings));
    const report = `${errors}\n${warnings}`;
    if (this.reports.get(server) === report) {
      return;
    }
    this.reports.set(server, report);
    if (errors !== '') {
      log.warn(`MCP clients get no usable token from ${metadata.issuer}: ${errors}`);
    }
    if (warnings !== '') {
      log.debug(() => `About the authorization server ${metadata.issuer}: ${warnings}`);
    }
  }
}

/** Throws if the document lacks a needed member, and the cached document has all needed members. */
function assertNotPoorer(
  metadata: AuthorizationServerMetadata,
  cached: AuthorizationServerMetadata | undefined,
  options: ConfiguredAuthorizationServer['options'],
): void {
  const missing = missingMember(metadata, options);
  if (missing !== undefined && cached && missingMember(cached, options) === undefined) {
    throw new InvalidAuthorizationServerMetadataError(
      `The metadata of the authorization server ${metadata.issuer} no longer has "${missing}"; the cached metadata, which has it, stays in use.`,
    );
  }
}

/** Describes findings in one line. A finding that several resources share is named once. */
function listed(findings: ServerConfigFinding[]): string {
  const texts = findings.map(({ code, description }) => `${description} (${code})`);
  return [...new Set(texts)].join(' ');
}
