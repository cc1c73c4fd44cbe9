import { DEFAULT_FETCH_TIMEOUT } from '../authorization-server/fetching/fetch-text.js';
import { NamedNetwork } from './named-network.js';
import { toReport, type Report } from './report.js';
import { examineServer } from './server-metadata.js';
import { UnreachableError } from './unreachable.js';

/**
 * Checks whether an authorization server is fit for MCP clients.
 *
 * @throws UnreachableError if the server does not answer
 */
export async function checkIssuer(
  issuer: string,
  timeout = DEFAULT_FETCH_TIMEOUT,
): Promise<Report> {
  const bounds = { timeout, network: new NamedNetwork(issuer) };
  const { findings, connectionError } = await examineServer(issuer, bounds);
  if (connectionError !== undefined) {
    throw new UnreachableError(issuer, connectionError);
  }
  return toReport(issuer, findings);
}
