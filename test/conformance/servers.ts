import type { Issuer } from '../support/issuer.js';
import {
  ADAPTERS,
  PROTECTIONS,
  startApplication,
  tokenOf,
  type Adapter,
  type Protection,
} from './applications.js';
import { differences, failures, table } from './compare.js';
import { startProxy, urlOf } from './proxy.js';
import type { ConformanceSuite, Findings } from './suite.js';

const REVISIONS = ['2025-11-25', '2026-07-28'];
/** The scenarios of an extension that the SDK does not have. They fail with and without the guard. */
const TOLERATED = 'tasks-';
/** The number of concurrent runs of the suite. With more runs, a small machine exceeds the suite's time limits. */
const AT_ONCE = 3;

interface Server {
  adapter: Adapter;
  protection: Protection;
  url: string;
  /** The findings by protocol revision. */
  findings: Map<string, Findings>;
  close: () => Promise<void>;
}

/** Runs the server scenarios against the server, bare and guarded, and returns what went wrong. */
export async function compareServers(suite: ConformanceSuite, issuer: Issuer): Promise<string[]> {
  const servers: Server[] = [];
  try {
    for (const adapter of Object.keys(ADAPTERS) as Adapter[]) {
      for (const protection of PROTECTIONS) {
        servers.push(await startServer(adapter, protection, issuer));
      }
    }
    await runAll(suite, servers);
    await repeat(suite, servers);
    return REVISIONS.flatMap((revision) =>
      servers.flatMap((server) => problemsOf(server, revision, servers)),
    );
  } finally {
    await Promise.all(servers.map((server) => server.close()));
  }
}

async function startServer(
  adapter: Adapter,
  protection: Protection,
  issuer: Issuer,
): Promise<Server> {
  const app = await startApplication(adapter, protection, issuer);
  const proxy = await startProxy(await app.getUrl(), await tokenOf(issuer));
  const close = async () => {
    proxy.closeAllConnections();
    proxy.close();
    await app.close();
  };
  return { adapter, protection, url: urlOf(proxy), findings: new Map(), close };
}

/** Runs both revisions against each server, one after the other, since both would get the notifications of a server. */
async function runAll(suite: ConformanceSuite, servers: readonly Server[]): Promise<void> {
  const waiting = [...servers];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      for (const revision of REVISIONS) await run(suite, next, revision);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/**
 * Repeats the runs with problems, one at a time, because a busy machine exceeds the suite's time limits. A difference
 * that the guard causes appears again.
 */
async function repeat(suite: ConformanceSuite, servers: readonly Server[]): Promise<void> {
  for (const revision of REVISIONS) {
    const suspects = servers.filter((each) => problemsOf(each, revision, servers).length > 0);
    const bare = suspects.map((suspect) => bareOf(suspect, servers));
    for (const server of new Set([...bare, ...suspects])) {
      if (server) await run(suite, server, revision);
    }
  }
}

async function run(suite: ConformanceSuite, server: Server, revision: string): Promise<void> {
  const found = await suite.runServer(server.url, revision);
  server.findings.set(revision, found);
  const count = (status: string) =>
    [...found.values()].filter((each) => each.status === status).length;
  console.log(
    `${nameOf(server, revision)}: ${found.size} checks, ${count('SUCCESS')} passed, ${count('FAILURE')} failed`,
  );
}

function nameOf({ adapter, protection }: Server, revision: string): string {
  return `${adapter}, ${protection}, MCP ${revision}`;
}

function bareOf({ adapter }: Server, servers: readonly Server[]): Server | undefined {
  return servers.find((server) => server.adapter === adapter && server.protection === 'bare');
}

function problemsOf(server: Server, revision: string, servers: readonly Server[]): string[] {
  const found = server.findings.get(revision) ?? new Map<string, never>();
  const bare = bareOf(server, servers);
  const title = nameOf(server, revision);
  if (server === bare) {
    // A check that fails without the guard cannot show an effect of the guard, so it must pass here.
    return found.size === 0
      ? [`${title}: nothing was checked`]
      : failures(found, TOLERATED).map((failure) => `${title}: ${failure}`);
  }
  const rows = differences(bare?.findings.get(revision), found);
  return rows.length === 0 ? [] : [`${title} differs from bare:\n${table(rows)}`];
}
