import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import type {
  AuthorizationServerMetadata,
  TransformMetadata,
} from '../metadata/authorization-server-metadata.js';
import type { AuthorizationServerType } from '../options/authorization-server.options.js';
import type { Problem } from '../options/validation/checked.js';
import { issuerIdentifier, milliseconds, secureUrl } from '../options/validation/problems.js';
import { DEFAULT_FETCH_TIMEOUT } from './authorization-server-metadata.service.js';
import { fetchMetadata } from './fetch-metadata.js';

/** How {@link fetchServerConfig} fetches. */
export interface FetchServerConfigOptions {
  /** Which standard's well-known URL to ask; without it the MCP specification's candidates. */
  type?: AuthorizationServerType;
  /** Mends a document that departs from the standards, before it is checked. */
  transformMetadata?: TransformMetadata;
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
  { type, transformMetadata, timeout = DEFAULT_FETCH_TIMEOUT }: FetchServerConfigOptions = {},
): Promise<ServerConfig> {
  assertRight('issuer', issuer, issuerIdentifier);
  assertRight('timeout', timeout, milliseconds);
  return { type, metadata: await fetchMetadata({ issuer, type, transformMetadata }, timeout) };
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
  const { issuer, type, transformMetadata, timeout = DEFAULT_FETCH_TIMEOUT } = options;
  const metadataUrl = String(wellKnownUrl);
  assertRight('wellKnownUrl', metadataUrl, secureUrl);
  assertRight('issuer', issuer, issuerIdentifier);
  assertRight('timeout', timeout, milliseconds);
  const server = { issuer, type, metadataUrl, transformMetadata };
  return { type, metadata: await fetchMetadata(server, timeout) };
}

function assertRight(name: string, value: unknown, problemOf: Problem): void {
  const problem = problemOf(value, {});
  if (problem !== undefined) {
    throw new McpAuthConfigurationError(`${name} ${problem} (given: ${JSON.stringify(value)})`);
  }
}
