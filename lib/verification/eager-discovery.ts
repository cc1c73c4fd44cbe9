import { Injectable, type OnModuleInit } from '@nestjs/common';
import {
  AuthorizationServerRegistry,
  type ConfiguredAuthorizationServer,
} from '../authorization-server/authorization-server-registry.js';
import { AuthorizationServerMetadataService } from '../authorization-server/metadata/authorization-server-metadata.service.js';
import { JwkSetService } from '../authorization-server/jwk-set/jwk-set.service.js';
import {
  AuthorizationServerUnavailableError,
  InvalidAuthorizationServerMetadataError,
} from '../errors/authorization-server.error.js';
import { verifiesByItself } from './built-in-verifiers.js';
import { IntrospectionClients } from './introspection/introspection-clients.js';
import { McpAuthModuleSettings } from '../options/mcp-auth-module.options.js';
import { ProtectedResourceRegistry } from '../protected-resource/protected-resource-registry.js';

/**
 * Fetches metadata and JWK Sets at start-up, with `discovery: 'eager'`. It does **not** fetch anything about a
 * tenant, or about a server that only a resolver names.
 */
@Injectable()
export class EagerDiscovery implements OnModuleInit {
  constructor(
    private readonly options: McpAuthModuleSettings,
    private readonly resources: ProtectedResourceRegistry,
    private readonly servers: AuthorizationServerRegistry,
    private readonly metadata: AuthorizationServerMetadataService,
    private readonly jwkSets: JwkSetService,
    private readonly introspection: IntrospectionClients,
  ) {}

  /** @throws AuthorizationServerError if one of the authorization servers cannot be used */
  async onModuleInit(): Promise<void> {
    if (this.options.discovery === 'eager') {
      await this.discover().catch(explain);
    }
  }

  private async discover(): Promise<void> {
    const verified = this.resources.all
      .flatMap((resource) => [
        verifiesByItself(resource) ? resource : [],
        resource.proxyAssertion?.resource ?? [],
      ])
      .flat();
    const { all } = this.servers;
    await Promise.all(
      all.filter(isFetched).map((server) => this.metadata.documentOf(server).get()),
    );
    const servers = new Set(
      verified.flatMap((resource) =>
        resource.issuers.map((issuer) => this.servers.serverFor(issuer, resource)),
      ),
    );
    await Promise.all(
      [...servers].filter(isFetched).map((server) => this.requireVerifiable(server)),
    );
  }

  /**
   * Checks that tokens of a server can be verified. With introspection, a server need not publish keys, unless its
   * responses have to be signed.
   */
  private async requireVerifiable(server: ConfiguredAuthorizationServer): Promise<void> {
    const client = this.introspection.get(server);
    await client?.endpoint();
    const { jwksUri } = await this.metadata.documentOf(server).get();
    if (client === undefined || client.options.signedResponse === true || jwksUri !== undefined) {
      await this.requireKeys(server);
    }
  }

  private async requireKeys(server: ConfiguredAuthorizationServer): Promise<void> {
    const { keys } = (await this.jwkSets.get(server)).jwks();
    if (keys.length === 0) {
      throw new InvalidAuthorizationServerMetadataError(
        `The JWK Set of the authorization server ${server.issuer} has no key that may verify a signature.`,
      );
    }
  }
}

/** Returns whether metadata is fetched. If the options contain the keys, only introspection needs the metadata. */
function isFetched({ keys, options }: ConfiguredAuthorizationServer): boolean {
  return keys === undefined || options.introspection !== undefined;
}

/** Explains why the start stops: most often the server starts later, or is part of this application. */
function explain(error: unknown): never {
  if (error instanceof AuthorizationServerUnavailableError) {
    throw new AuthorizationServerUnavailableError(
      `${error.message} With discovery: 'eager', this application does not start without its authorization servers. If an authorization server starts later than this application, or is a part of this application (which does not listen yet), use discovery: 'on-demand'.`,
      error.retryAfter,
      { cause: error },
    );
  }
  throw error;
}
