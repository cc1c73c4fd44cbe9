import { Injectable } from '@nestjs/common';
import { log } from '../../log/log.js';
import type { AuthorizationServerMetadata } from '../../metadata/authorization-server-metadata.js';
import {
  AuthorizationServerRegistry,
  type ConfiguredAuthorizationServer,
} from '../authorization-server-registry.js';
import { InvalidAuthorizationServerMetadataError } from '../../errors/authorization-server.error.js';
import { fetchMetadata } from './fetch-metadata.js';
import { missingMember } from './needed-metadata.js';
import type { Fetched, RemoteDocument } from '../fetching/remote-document.js';
import {
  validateKnownMetadata,
  validateServerConfig,
  type ServerConfigFinding,
} from './validate-server-config.js';

/**
 * The metadata of the authorization servers that the options name: fetched on demand, at most once
 * at a time, kept, and renewed in the background.
 */
@Injectable()
export class AuthorizationServerMetadataService {
  private readonly reports = new WeakMap<ConfiguredAuthorizationServer, string>();
  private readonly documents = new WeakMap<
    ConfiguredAuthorizationServer,
    RemoteDocument<AuthorizationServerMetadata>
  >();

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
    return this.of(this.servers.get(issuer)).get();
  }

  /** The metadata, where {@link AuthorizationServerMetadataService.get} would not wait for it. */
  current(issuer: string): AuthorizationServerMetadata | undefined {
    return this.of(this.servers.get(issuer)).current();
  }

  /**
   * Fetches the metadata anew, unless that happened three times within the last 30 seconds.
   *
   * @throws the same errors as {@link AuthorizationServerMetadataService.get}, also while older
   * metadata is kept.
   */
  async refresh(issuer: string): Promise<AuthorizationServerMetadata> {
    return this.of(this.servers.get(issuer)).refresh();
  }

  /**
   * The document of one of them, whether the options name it or not.
   *
   * @internal
   */
  of(server: ConfiguredAuthorizationServer): RemoteDocument<AuthorizationServerMetadata> {
    const known = this.documents.get(server);
    if (known !== undefined) {
      return known;
    }
    const document = this.servers.cacheDocument<AuthorizationServerMetadata>((cached) =>
      this.load(server, cached),
    );
    this.documents.set(server, document);
    return document;
  }

  private async load(
    server: ConfiguredAuthorizationServer,
    cached: AuthorizationServerMetadata | undefined,
  ): Promise<Fetched<AuthorizationServerMetadata>> {
    const { options, bounds } = server;
    const fetched = options.metadata
      ? { value: options.metadata, lifetime: Infinity }
      : await fetchMetadata(options, bounds);
    assertNotPoorer(fetched.value, cached, options);
    this.reportUnfitness(server, fetched.value);
    return fetched;
  }

  /**
   * What only a client needs is no reason to refuse its tokens, but worth a word to the operator:
   * once, not at every renewal.
   */
  private reportUnfitness(
    server: ConfiguredAuthorizationServer,
    metadata: AuthorizationServerMetadata,
  ): void {
    const { errors, warnings } = server.options.metadata
      ? validateKnownMetadata(metadata)
      : validateServerConfig({ metadata });
    const report = listed([...errors, ...warnings]);
    if (this.reports.get(server) === report) {
      return;
    }
    this.reports.set(server, report);
    if (errors.length > 0) {
      log.warn(`MCP clients cannot log in at ${metadata.issuer}: ${listed(errors)}`);
    }
    if (warnings.length > 0) {
      log.debug(() => `About the authorization server ${metadata.issuer}: ${listed(warnings)}`);
    }
  }
}

/** A document that lacks what is needed does not displace one that has it. */
function assertNotPoorer(
  metadata: AuthorizationServerMetadata,
  cached: AuthorizationServerMetadata | undefined,
  options: ConfiguredAuthorizationServer['options'],
): void {
  const missing = missingMember(metadata, options);
  if (missing !== undefined && cached && missingMember(cached, options) === undefined) {
    throw new InvalidAuthorizationServerMetadataError(
      `The metadata of the authorization server ${metadata.issuer} no longer has "${missing}"; the metadata that had it is used on.`,
    );
  }
}

function listed(findings: ServerConfigFinding[]): string {
  return findings.map(({ code, description }) => `${description} (${code})`).join(' ');
}
