import { Asker } from './ask.js';
import { attempt } from './attempt.js';
import { bareRequest } from './bare-request.js';
import { dpop, dpopPolicy, mutualTls } from './binding.js';
import { bogusToken } from './bogus-token.js';
import { examineChallenge, type ExaminedChallenge } from './challenge.js';
import { clock } from './clock.js';
import { cors, corsOfMetadata } from './cors.js';
import { examineToken, type TokenContext } from './examine-token.js';
import { skipped, type Finding } from './finding.js';
import { initialize } from './initialize.js';
import { redactor } from './redact.js';
import { tryRegistration } from './registration.js';
import { toReport, type Report } from './report.js';
import { resourceIdentifier } from './resource-identifier.js';
import { authorizationServersIn, bearerMethods, scopes, scopesOf } from './resource-members.js';
import { findMetadata, type FoundDocument } from './resource-metadata.js';
import { secureUrls } from './secure-urls.js';
import { examineServer, type ExaminedServer } from './server-metadata.js';

/** The finding in place of those about CORS if the path is wrong: advice about CORS would hide the mistake. */
const NOTHING_THERE = [skipped('cors_preflight', 'No MCP server answers at this path.')];

/** The options of an examination. */
export interface DoctorOptions {
  /** An access token, to find out why it is accepted or rejected. It is sent only to the URL of the MCP server. */
  readonly token?: string | undefined;
  /** `true` to register a client at each authorization server. Without this option, the doctor changes nothing. */
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
  const { token, timeout } = options;
  const asker = new Asker(url, timeout);
  const bare = await initialize(asker);
  const challenge = examineChallenge(bare);
  const { findings, document } = await findMetadata(asker, challenge.params);
  const servers = await serversOf(asker, challenge, document);
  const ofServer = [
    secureUrls([url, challenge.params?.get('resource_metadata') ?? url]),
    clock(bare),
    bareRequest(bare),
    ...challenge.findings,
    ...(await attempt('bogus_token', () => bogusToken(asker, bare))),
    ...(bare.status === 404 ? NOTHING_THERE : await attempt('cors_preflight', () => cors(asker))),
    ...findings,
    ...(document ? await examineDocument(asker, document, challenge, servers) : []),
    ...servers.flatMap((server) => server.findings),
    ...(options.register ? await registrations(asker, servers) : []),
  ];
  const context = tokenContext(url, challenge, document, servers);
  const ofToken = token === undefined ? [] : await examineToken(asker, token, context);
  return toReport(url, [...ofServer, ...ofToken], redactor(token));
}

async function serversOf(
  asker: Asker,
  challenge: ExaminedChallenge,
  document: FoundDocument | undefined,
): Promise<ExaminedServer[]> {
  if (document === undefined) {
    return [];
  }
  const { members } = document;
  const dpopRequirement = dpopPolicy(members, challenge);
  const resource = {
    ...(typeof members.resource === 'string' && { resource: members.resource }),
    scopes: scopesOf(members, challenge.params?.get('scope')),
    ...(dpopRequirement && { dpop: dpopRequirement }),
  };
  const servers: ExaminedServer[] = [];
  for (const issuer of authorizationServersIn(members).issuers) {
    servers.push(await examineServer(issuer, asker, resource));
  }
  return servers;
}

async function examineDocument(
  asker: Asker,
  { url, members }: FoundDocument,
  challenge: ExaminedChallenge,
  servers: readonly ExaminedServer[],
): Promise<Finding[]> {
  const found = servers.flatMap(({ metadata }) => metadata ?? []);
  return [
    resourceIdentifier(asker.named, members.resource),
    bearerMethods(members),
    ...(await attempt('cors_metadata', () => corsOfMetadata(asker, url))),
    ...scopes(scopesOf(members, challenge.params?.get('scope'))),
    dpop(members, challenge),
    mutualTls(members, found),
    authorizationServersIn(members).finding,
  ];
}

async function registrations(asker: Asker, servers: readonly ExaminedServer[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const server of servers) {
    findings.push(...(await tryRegistration(asker, server)));
  }
  return findings;
}

function tokenContext(
  url: string,
  { params }: ExaminedChallenge,
  document: FoundDocument | undefined,
  servers: readonly ExaminedServer[],
): TokenContext {
  const { resource, dpop_bound_access_tokens_required: needsDpop } = document?.members ?? {};
  return {
    resource: typeof resource === 'string' ? resource : url,
    servers,
    scopes: params?.get('scope')?.split(' ') ?? [],
    needsDpop: needsDpop === true,
  };
}
