import { setMaxListeners } from 'node:events';
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { log } from '../log/log.js';
import { jwkSetByHand } from '../token/keys-by-hand.js';
import type { JwkSet } from '../token/signature-keys.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { McpAuthEvents } from '../events/mcp-auth-events.js';
import {
  issuerOf,
  tokenIssuersOf,
  type AuthorizationServerOptions,
  type AuthorizationServerSettings,
  type DiscoveredAuthorizationServer,
  type KnownAuthorizationServer,
} from '../options/authorization-server.options.js';
import { McpAuthModuleSettings } from '../options/mcp-auth-module.options.js';
import type { ProxyAssertionOptions } from '../options/proxy-assertion.options.js';
import { isTemplate } from '../url/tenant-template.js';
import type { TokenVerificationContext } from '../token/token-verifier.js';
import {
  namedServers,
  findResolver,
  type AuthorizationServersOption,
} from '../options/authorization-server-resolver.js';
import { connectionWarnings } from './connection-warnings.js';
import { DEFAULT_FETCH_TIMEOUT, type FetchBounds } from './fetching/fetch-text.js';
import { IssuerNetwork } from './fetching/issuer-network.js';
import { NetworkClient } from './fetching/network-client.js';
import { observedDocument, type NamedDocument } from './observed-document.js';
import type { Fetched, RemoteDocument } from './fetching/remote-document.js';

/** The default of {@link McpAuthModuleOptions.staleIfError}, in seconds. */
const DEFAULT_STALE_IF_ERROR = 24 * 60 * 60;

/**
 * A configured authorization server, and the bounds for fetching its documents. Caches use this
 * object as their key, so they are released together with it.
 */
export interface ConfiguredAuthorizationServer {
  issuer: string;
  /** The values of `iss` that its tokens may have. At least one value; most often the issuer alone. */
  tokenIssuers: readonly string[];
  options: DiscoveredAuthorizationServer | KnownAuthorizationServer;
  bounds: FetchBounds & { client: NetworkClient };
  /** `true` if a resource publishes a copy of the server's metadata document (`legacyDiscovery`). */
  isMirrored: boolean;
  /** The server's keys, if the options contain them. Then nothing is fetched to verify the server's JWTs. */
  keys?: JwkSet;
}

/** Authorization servers by the `iss` of their tokens. */
type TokenIssuers = ReadonlyMap<string, ConfiguredAuthorizationServer>;

type ResourceServers = Pick<TokenVerificationContext, 'servers'>;

/**
 * Holds the authorization servers that the options name. When the application closes, it aborts all
 * fetches.
 */
@Injectable()
export class AuthorizationServerRegistry implements OnModuleInit, OnModuleDestroy {
  private readonly closing = new AbortController();
  private readonly client: NetworkClient;
  private readonly servers: ReadonlyMap<string, ConfiguredAuthorizationServer>;
  /** The issuers of the servers whose metadata document a resource publishes (`legacyDiscovery`). */
  private readonly mirrored: ReadonlySet<string | undefined>;
  /** `true` if a resource may accept authorization servers that the options do not name. */
  readonly acceptsUnnamed: boolean;

  constructor(
    private readonly settings: McpAuthModuleSettings,
    private readonly events: McpAuthEvents,
  ) {
    this.client = new NetworkClient(settings.network);
    // Each fetch in flight adds a listener. Node would warn of a memory leak at the eleventh listener.
    setMaxListeners(Infinity, this.closing.signal);
    const resources = [settings.protectedResources].flat();
    const metadata = resources.map((resource) => resource.metadata);
    this.mirrored = new Set(
      resources
        .filter(({ legacyDiscovery }) => legacyDiscovery)
        .flatMap((resource) => namedServers(resource.metadata.authorizationServers).map(issuerOf)),
    );
    const named = metadata.flatMap((given) => namedServers(given.authorizationServers));
    const servers = named
      .filter((server) => !isTemplate(issuerOf(server)))
      .map((server) => this.configured(server));
    this.servers = new Map(servers.map((server) => [server.issuer, server]));
    this.acceptsUnnamed = metadata.some(
      ({ resource, authorizationServers }) =>
        isTemplate(resource) || findResolver(authorizationServers) !== undefined,
    );
  }

  /** All authorization servers that the options name. */
  get all(): readonly ConfiguredAuthorizationServer[] {
    return [...this.servers.values()];
  }

  /** The issuer identifiers of all authorization servers that the options name. */
  get issuers(): readonly string[] {
    return [...this.servers.keys()];
  }

  /**
   * Returns the authorization server with this issuer identifier.
   *
   * @throws McpAuthConfigurationError if no protected resource in the options names this issuer
   */
  get(issuer: string): ConfiguredAuthorizationServer {
    const server = this.servers.get(issuer);
    if (server === undefined) {
      throw new McpAuthConfigurationError(
        `No protected resource names the authorization server "${issuer}"; add it to metadata.authorizationServers. Known: ${this.issuers.join(', ')}.${this.acceptsUnnamed ? ' Servers of tenants and resolvers cannot be looked up by issuer.' : ''}`,
      );
    }
    return server;
  }

  /**
   * Returns the authorization servers that a resource lists, by the `iss` of their tokens. It leaves out servers
   * with `{tenant}` in their issuer, because they are known only when the tenant is known.
   */
  listedIn(servers: AuthorizationServersOption): TokenIssuers {
    const issuers = namedServers(servers).map((server) => issuerOf(server) ?? '');
    return byTokenIssuer(issuers.flatMap((issuer) => this.servers.get(issuer) ?? []));
  }

  /**
   * Returns the authorization server that issues tokens with this `iss` for a resource. If the resource holds no
   * such server, for example because the application built the resource itself, the method returns the server
   * that the options name by this issuer.
   *
   * @throws McpAuthConfigurationError if neither the resource nor the options have such a server
   */
  serverFor(iss: string, { servers }: ResourceServers): ConfiguredAuthorizationServer {
    const found = servers?.get(iss) as ConfiguredAuthorizationServer | undefined;
    return found ?? this.get(iss);
  }

  /** Creates a document that is fetched from an authorization server, and cached as the options say. */
  cacheDocument<T>(
    about: NamedDocument,
    fetch: (cached: T | undefined) => Promise<Fetched<T>>,
    isCurrent?: (value: T) => boolean,
  ): RemoteDocument<T> {
    return observedDocument(about, fetch, {
      isCurrent,
      staleIfError: 1000 * (this.settings.staleIfError ?? DEFAULT_STALE_IF_ERROR),
      events: this.events,
      closing: this.closing.signal,
    });
  }

  async onModuleInit(): Promise<void> {
    await this.client.load();
    this.servers.forEach(warnOf);
  }

  async onModuleDestroy(): Promise<void> {
    this.closing.abort();
    await this.client.close();
  }

  /**
   * Prepares an authorization server that the options do not name, such as one of a tenant or a resolver, and
   * logs its warnings. The registry does not keep the server. The calling code has to keep it.
   */
  prepare(
    validated: AuthorizationServerSettings | AuthorizationServerOptions,
  ): ConfiguredAuthorizationServer {
    const server = this.configured(validated as AuthorizationServerOptions);
    warnOf(server);
    return server;
  }

  /**
   * Creates the party that signs the assertions of a proxy. It is not an authorization server, because clients
   * cannot log in at it. This registry does not hold it.
   */
  asserting({ issuer, jwksUri, jwks }: ProxyAssertionOptions): ConfiguredAuthorizationServer {
    // The options name the URL of the keys, so this URL may have any address, as the issuer of a server may.
    const metadata = { issuer: jwksUri ?? issuer, jwksUri };
    return this.configured({ metadata, tokenIssuer: issuer, jwks });
  }

  private configured(server: AuthorizationServerOptions): ConfiguredAuthorizationServer {
    const options = typeof server === 'string' ? { issuer: server } : server;
    const issuer = issuerOf(server) ?? '';
    const network = new IssuerNetwork(issuer, options.allowPrivateNetwork);
    const { fetchTimeout: timeout = DEFAULT_FETCH_TIMEOUT } = this.settings;
    const keys = options.jwks && jwkSetByHand(options.jwks);
    const bounds = { timeout, network, closing: this.closing.signal, client: this.client };
    const isMirrored = this.mirrored.has(issuer);
    return { issuer, tokenIssuers: tokenIssuersOf(server), options, keys, bounds, isMirrored };
  }
}

export function byTokenIssuer(servers: readonly ConfiguredAuthorizationServer[]): TokenIssuers {
  return new Map(servers.flatMap((server) => server.tokenIssuers.map((iss) => [iss, server])));
}

function warnOf({ issuer, options }: ConfiguredAuthorizationServer): void {
  for (const warning of connectionWarnings(issuer, options, process.env.NODE_ENV)) {
    log.warn(warning);
  }
}
