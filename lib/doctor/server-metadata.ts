import { AuthorizationServerError } from '../errors/authorization-server.error.js';
import type { AuthorizationServerMetadata } from '../metadata/authorization-server-metadata.js';
import type { ServerConfigResource } from '../authorization-server/metadata/server-checks.js';
import { fetchMetadata } from '../authorization-server/metadata/fetch-metadata.js';
import type { FetchBounds } from '../authorization-server/fetching/fetch-text.js';
import { ok, problem, type Finding } from './finding.js';
import { secureUrls } from './secure-urls.js';
import { serverFitness } from './server-fitness.js';
import { fetchSignatureKeys, type SignatureKeys } from './signature-keys.js';
import { connectionError } from './unreachable.js';

const CHECK = 'server_metadata';
const START =
  'Start the authorization server, or correct the host and the port of its issuer. The MCP server must also be able to reach it.';
const PUBLISH =
  'Name the issuer exactly as its metadata does, and publish the metadata at a well-known URL (RFC 8414).';

/** The results of the examination of an authorization server. */
export interface ExaminedServer {
  readonly issuer: string;
  readonly findings: readonly Finding[];
  readonly metadata?: AuthorizationServerMetadata;
  readonly keys?: SignatureKeys['keys'];
  /** The error of the connection if the server did not answer at all. */
  readonly connectionError?: unknown;
}

/** Fetches the metadata and the keys of an authorization server, and checks whether MCP clients can use it. */
export async function examineServer(
  issuer: string,
  bounds: FetchBounds,
  resource: ServerConfigResource = {},
): Promise<ExaminedServer> {
  try {
    // A URL that is not secure is a finding. It does not end the checks.
    const server = { issuer, allowInsecureRequests: true };
    const { value: metadata } = await fetchMetadata(server, bounds);
    const { keys, finding } = await fetchSignatureKeys(metadata, bounds);
    const findings = [
      ok(CHECK, 'The metadata names this issuer.'),
      secureUrls(urlsIn(metadata)),
      ...serverFitness(metadata, resource),
      finding,
    ];
    return {
      issuer,
      metadata,
      keys,
      findings: findings.map((one) => ({ server: issuer, ...one })),
    };
  } catch (error) {
    if (!(error instanceof AuthorizationServerError)) {
      throw error;
    }
    const connection = connectionError(error);
    const remedy = connection === undefined ? PUBLISH : START;
    const finding = { server: issuer, ...problem(CHECK, error.message, remedy) };
    return { issuer, findings: [finding], connectionError: connection };
  }
}

/** Returns the issuer and the URLs of the endpoints. */
function urlsIn(metadata: AuthorizationServerMetadata): string[] {
  const endpoints = Object.entries(metadata).filter(([name]) => /Endpoint$|^jwksUri$/.test(name));
  return [
    metadata.issuer,
    ...endpoints.map(([, url]) => (typeof url === 'string' ? url : JSON.stringify(url))),
  ];
}
