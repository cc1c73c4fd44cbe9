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
import { DEFAULT_FETCH_TIMEOUT, type FetchBounds } from '../fetching/fetch-text.js';
import { withoutCredentials } from '../../url/without-credentials.js';
import { fetchMetadata } from './fetch-metadata.js';
import { IssuerNetwork } from '../fetching/issuer-network.js';

/** The options of {@link fetchServerConfig}. */
export interface FetchServerConfigOptions extends Pick<
  AuthorizationServerSettings,
  'type' | 'transformMetadata' | 'allowPrivateNetwork' | 'allowInsecureRequests'
> {
  /**
   * The time limit of each request in milliseconds, including the whole answer.
   *
   * @defaultValue 5000
   */
  timeout?: number;
}

/** An authorization server's metadata, as an element of `authorizationServers` of a protected resource. */
export interface ServerConfig {
  /** The standard of the metadata, if the options named one. */
  type?: AuthorizationServerType;
  /** The metadata, in camelCase. */
  metadata: AuthorizationServerMetadata;
}

/**
 * Fetches the metadata of an authorization server, outside dependency injection.
 *
 * The result is never renewed, unlike metadata that the module discovers. This function does **not** check that
 * the server is fit for MCP; see {@link validateServerConfig}.
 *
 * @param issuer - the issuer identifier; the document's `issuer` must equal it
 * @param options - how to fetch. `allowPrivateNetwork` and `allowInsecureRequests` hold for this call only. Set
 * them again in `authorizationServers`, next to the result
 * @throws McpAuthConfigurationError if `issuer` is not an absolute `https:` URL (`http:` on loopback or with
 * `allowInsecureRequests`) without query and fragment, or `timeout` is not a whole number of milliseconds from 1
 * to 600000
 * @throws AuthorizationServerUnavailableError if no candidate URL has a valid document of this issuer, and the
 * server cannot be reached, answers too late, or answers 429 or 5xx
 * @throws InvalidAuthorizationServerMetadataError if no candidate URL has a valid document of this issuer, and
 * the server answered all requests in other ways
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
 * Fetches the metadata of an authorization server that does not publish it at a well-known URL of its
 * issuer. In all other ways this function is like {@link fetchServerConfig}.
 *
 * @param wellKnownUrl - the URL of the document
 * @param options - the options of {@link fetchServerConfig}, and the issuer identifier. The document's `issuer`
 * must equal this identifier, because the URL alone does not tell whose metadata the document is
 * @throws the errors of {@link fetchServerConfig}, and McpAuthConfigurationError if `wellKnownUrl` is not an
 * absolute `https:` URL (`http:` on loopback or with `allowInsecureRequests`) without fragment
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
