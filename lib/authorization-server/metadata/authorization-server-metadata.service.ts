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
 * Provides the metadata of the authorization servers that the options name. It is fetched on demand, at
 * most once at a time, cached, and renewed in the background.
 */
@Injectable()
export class AuthorizationServerMetadataService {
  private readonly reports = new WeakMap<ConfiguredAuthorizationServer, string>();
  /** The resources whose requirements the metadata is checked for, by issuer. */
  private readonly resources = new Map<string, readonly ServerConfigResource[]>();
  /** The texts of the documents of servers that are mirrored. */
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
   * Returns the metadata of an authorization server, in camelCase. `issuer` is the option of this name, even
   * if the tokens of the server have another `iss` (`tokenIssuer`). While cached metadata may be used, a failed
   * fetch throws nothing.
   *
   * The metadata is what the server *publishes*. This method does **not** check that the server acts
   * accordingly.
   *
   * @throws McpAuthConfigurationError if no protected resource in the options names this issuer.
   * @throws AuthorizationServerUnavailableError if the metadata cannot be fetched.
   * @throws InvalidAuthorizationServerMetadataError if the fetched document must not be used.
   */
  async get(issuer: string): Promise<AuthorizationServerMetadata> {
    return this.documentOf(this.servers.get(issuer)).get();
  }

  /** Returns the metadata if {@link AuthorizationServerMetadataService.get} would not wait for it. */
  current(issuer: string): AuthorizationServerMetadata | undefined {
    return this.documentOf(this.servers.get(issuer)).current();
  }

  /**
   * Fetches the metadata again, unless it was already fetched three times within the last 30 seconds.
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
   * Returns the document of a server that is mirrored, as it was fetched, before `transformMetadata`.
   *
   * @throws AuthorizationServerError if it cannot be fetched, or must not be used, and none is cached
   * @internal
   */
  async textOf(server: ConfiguredAuthorizationServer): Promise<string> {
    const text = this.texts.get(await this.documentOf(server).get());
    if (text === undefined) {
      throw new McpAuthConfigurationError(
        `The metadata document of ${server.issuer} is not mirrored; set legacyDiscovery of its resource.`,
      );
    }
    return text;
  }

  /**
   * Checks the metadata of a server for the requirements of these resources too: at once if it is cached, and
   * whenever it is fetched.
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
   * renewal. What is missing is no reason to reject the server's tokens.
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
      log.warn(`MCP clients cannot log in at ${metadata.issuer}: ${errors}`);
    }
    if (warnings !== '') {
      log.debug(() => `About the authorization server ${metadata.issuer}: ${warnings}`);
    }
  }
}

/** Rejects a document without a needed member if the cached one has it. */
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
