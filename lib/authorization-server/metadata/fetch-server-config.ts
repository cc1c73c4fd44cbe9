import { inspect } from 'node:util';
import { McpAuthConfigurationError } from '../../errors/configuration.error.js';
import type { AuthorizationServerMetadata } from '../../metadata/authorization-server-metadata.js';
import type {
  AuthorizationServerSettings,
  AuthorizationServerType,
  DiscoveredAuthorizationServer,
} from '../../options/authorization-server.options.js';
import { documentUrl, issuerIdentifier } from '../../options/constraints/urls.js';
import { millisecondsProblem } from '../../options/constraints/values.js';
import { DEFAULT_FETCH_TIMEOUT, type FetchBounds } from '../fetching/fetch-json.js';
import { withoutCredentials } from '../../url/without-credentials.js';
import { fetchMetadata } from './fetch-metadata.js';
import { IssuerNetwork } from '../fetching/issuer-network.js';

/** How {@link fetchServerConfig} fetches. */
export interface FetchServerConfigOptions extends Pick<
  AuthorizationServerSettings,
  'type' | 'transformMetadata' | 'allowPrivateNetwork' | 'allowInsecureRequests'
> {
  /**
   * Milliseconds for each request, the whole answer included.
   *
   * @defaultValue 5000
   */
  timeout?: number;
}

/** An authorization server's metadata, fit for `authorizationServers` of a protected resource. */
export interface ServerConfig {
  /** Which standard's metadata it is, where that was asked for. */
  type?: AuthorizationServerType;
  /** The metadata, in camelCase. */
  metadata: AuthorizationServerMetadata;
}

/**
 * Fetches the metadata of an authorization server, outside dependency injection.
 *
 * The result is fixed: unlike metadata that the module discovers, it is never renewed. That the
 * server is fit for MCP is not checked; see {@link validateServerConfig}.
 *
 * @param issuer - the issuer identifier; the document's `issuer` must equal it
 * @param options - how to fetch; `allowPrivateNetwork` and `allowInsecureRequests` hold for this call,
 * give them beside the result in `authorizationServers` too
 * @throws McpAuthConfigurationError if `issuer` is not an absolute `https:` URL (`http:` on loopback)
 * without query, or `timeout` is no whole number of milliseconds
 * @throws AuthorizationServerUnavailableError if the server cannot be reached
 * @throws InvalidAuthorizationServerMetadataError if no candidate URL has a document of this issuer
 *
 * @example
 * ```ts
 * import { fetchServerConfig, McpAuthModule } from 'nestjs-mcp-auth';
 *
 * McpAuthModule.forRootAsync({
 *   useFactory: async () => ({
 *     protectedResources: {
 *       metadata: {
 *         resource: 'https://api.example.com/notes',
 *         authorizationServers: [await fetchServerConfig('https://auth.example.com', { type: 'oidc' })],
 *       },
 *     },
 *   }),
 * });
 * ```
 */
export async function fetchServerConfig(
  issuer: string,
  options: FetchServerConfigOptions = {},
): Promise<ServerConfig> {
  return fetchConfig({ ...options, issuer });
}

/**
 * {@link fetchServerConfig} for metadata that is not at a well-known URL of its issuer.
 *
 * @param wellKnownUrl - where the document is
 * @param options - as for {@link fetchServerConfig}, and the issuer identifier, which the document's
 * `issuer` must equal: the URL alone does not say whose metadata it is
 * @throws the same errors as {@link fetchServerConfig}
 */
export async function fetchServerConfigByWellKnownUrl(
  wellKnownUrl: string | URL,
  options: FetchServerConfigOptions & { issuer: string },
): Promise<ServerConfig> {
  const metadataUrl = String(wellKnownUrl);
  assertRight('wellKnownUrl', documentUrl(metadataUrl, options), metadataUrl);
  return fetchConfig({ ...options, metadataUrl });
}

async function fetchConfig(
  server: FetchServerConfigOptions & DiscoveredAuthorizationServer,
): Promise<ServerConfig> {
  const { issuer, type, allowPrivateNetwork, timeout = DEFAULT_FETCH_TIMEOUT } = server;
  assertRight('issuer', issuerIdentifier(issuer, server), issuer);
  assertRight('timeout', millisecondsProblem(timeout, server), timeout);
  const bounds: FetchBounds = { timeout, network: new IssuerNetwork(issuer, allowPrivateNetwork) };
  return { type, metadata: (await fetchMetadata(server, bounds)).value };
}

function assertRight(name: string, problem: string | undefined, value: unknown): void {
  if (problem !== undefined) {
    const given = withoutCredentials(inspect(value));
    throw new McpAuthConfigurationError(`${name} ${problem} (given: ${given})`);
  }
}
