import { Asker, initialize } from './ask.js';
import { attempt } from './attempt.js';
import { bareRequest } from './bare-request.js';
import { dpop, dpopPolicy, mutualTls } from './binding.js';
import { bogusToken } from './bogus-token.js';
import { examineChallenge, type ExaminedChallenge } from './challenge.js';
import { clock } from './clock.js';
import { cors, corsOfMetadata } from './cors.js';
import type { Finding } from './finding.js';
import { tryRegistration } from './registration.js';
import { toReport, type Report } from './report.js';
import { resourceIdentifier } from './resource-identifier.js';
import { authorizationServersIn, bearerMethods, scopes, scopesOf } from './resource-members.js';
import { findMetadata, type FoundDocument } from './resource-metadata.js';
import { secureUrls } from './secure-urls.js';
import { examineServer, type ExaminedServer } from './server-metadata.js';

/** What the doctor may do. */
export interface DoctorOptions {
  /** Registers a client at each authorization server. Without it, nothing is changed anywhere. */
  readonly register?: boolean;
  /** Milliseconds for each request. */
  readonly timeout?: number;
}

/**
 * Asks an MCP server as an MCP client would, and checks its answers.
 *
 * @throws UnreachableError if the server does not answer
 */
export async function examineMcpServer(url: string, options: DoctorOptions = {}): Promise<Report> {
  const asker = new Asker(url, options.timeout);
  const bare = await asker.ask(url, initialize());
  const challenge = examineChallenge(bare);
  const { findings, document } = await findMetadata(
    asker,
    challenge.params.get('resource_metadata'),
  );
  return toReport(url, [
    secureUrls([url]),
    clock(bare),
    bareRequest(bare),
    ...challenge.findings,
    ...(await attempt('bogus_token', () => bogusToken(asker, bare))),
    ...(await attempt('cors_preflight', () => cors(asker, url))),
    ...findings,
    ...(document === undefined ? [] : await examineDocument(asker, document, challenge, options)),
  ]);
}

async function examineDocument(
  asker: Asker,
  { url, members }: FoundDocument,
  challenge: ExaminedChallenge,
  { register }: DoctorOptions,
): Promise<Finding[]> {
  const { issuers, finding } = authorizationServersIn(members);
  const named = scopesOf(members, challenge.params.get('scope'));
  const dpopRequirement = dpopPolicy(members, challenge);
  const resource = {
    ...(typeof members.resource === 'string' && { resource: members.resource }),
    scopes: named,
    ...(dpopRequirement && { dpop: dpopRequirement }),
  };
  const servers: ExaminedServer[] = [];
  for (const issuer of issuers) {
    servers.push(await examineServer(issuer, asker, resource));
  }
  return [
    resourceIdentifier(asker.named, members.resource),
    bearerMethods(members),
    ...(await attempt('cors_metadata', () => corsOfMetadata(asker, url))),
    ...scopes(named),
    dpop(members, challenge),
    mutualTls(
      members,
      servers.flatMap(({ metadata }) => metadata ?? []),
    ),
    finding,
    ...servers.flatMap(({ findings }) => findings),
    ...(register ? await registrations(asker, servers) : []),
  ];
}

async function registrations(asker: Asker, servers: readonly ExaminedServer[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const server of servers) {
    findings.push(...(await tryRegistration(asker, server)));
  }
  return findings;
}
