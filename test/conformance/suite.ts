import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);
const SUITE = '@modelcontextprotocol/conformance@0.2.0-alpha.12';
/** The suite does not run on Node 20. */
const NODE = 'node@22';
const MAIN = path.join('node_modules', '@modelcontextprotocol', 'conformance', 'dist', 'index.js');
const TIME_LIMIT = 120_000;

interface Check {
  id: string;
  name: string;
  status: string;
  errorMessage?: string;
}

export interface Finding {
  status: string;
  why: string;
}

/** The findings of a run, by scenario and check. Several checks with one name are numbered. */
export type Findings = Map<string, Finding>;

/** The official conformance suite, installed in a folder of its own. */
export class ConformanceSuite {
  private constructor(
    private readonly folder: string,
    private readonly node: string,
  ) {}

  static async install(): Promise<ConformanceSuite> {
    const folder = await mkdtemp(path.join(tmpdir(), 'conformance-'));
    const isNodeFit = Number(process.versions.node.split('.')[0]) >= 22;
    await writeFile(path.join(folder, 'package.json'), '{ "private": true }');
    const options = ['--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline'];
    await run('npm', ['install', ...options, SUITE, ...(isNodeFit ? [] : [NODE])], { cwd: folder });
    const node = path.join(folder, 'node_modules', '.bin', 'node');
    return new ConformanceSuite(folder, isNodeFit ? process.execPath : node);
  }

  /** Runs all scenarios of a protocol revision, those of extensions included, against the server at `url`. */
  async runServer(url: string, revision: string): Promise<Findings> {
    const output = await mkdtemp(path.join(this.folder, 'results-'));
    await this.command(['server', '--url', url, '--requirements', revision, '-o', output]);
    return readFindings(output);
  }

  /**
   * Runs the authorization scenarios against the authorization server at `issuer`.
   *
   * @param onOutput - called with each line that the suite prints, such as the URL where a user has to log in
   */
  async runAuthorization(
    issuer: string,
    more: string[],
    onOutput: (line: string) => void,
  ): Promise<Findings> {
    const output = await mkdtemp(path.join(this.folder, 'results-'));
    const args = ['--url', issuer, '-o', output, ...more];
    await this.command(['authorization', ...args], onOutput);
    return readFindings(output);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  private async command(args: string[], onOutput?: (line: string) => void): Promise<void> {
    const options = { cwd: this.folder, timeout: TIME_LIMIT, maxBuffer: 1 << 26 };
    const running = run(this.node, [MAIN, ...args], options);
    if (onOutput && running.child.stdout) {
      createInterface(running.child.stdout).on('line', onOutput);
    }
    // The exit code 1 says that a check failed. The findings say which check.
    await running.catch((error: unknown) => {
      if ((error as { code?: unknown }).code !== 1) throw error;
    });
  }
}

async function readFindings(output: string): Promise<Findings> {
  const findings: Findings = new Map();
  for (const folder of (await readdir(output)).sort()) {
    const scenario = folder
      .replace(/^(server|authorization-server|authorization)-/, '')
      .replace(/-\d{4}-.*$/, '');
    const checks = await readChecks(path.join(output, folder, 'checks.json'));
    const seen = new Map<string, number>();
    for (const { id, name, status, errorMessage = '' } of checks) {
      const nth = (seen.get(id) ?? 0) + 1;
      seen.set(id, nth);
      const key = `${scenario}: ${name} (${id}${nth > 1 ? `, ${nth}` : ''})`;
      findings.set(key, { status, why: errorMessage });
    }
  }
  return findings;
}

/** Returns the checks of a scenario. A scenario that broke off has no file, and gets a failed check. */
async function readChecks(file: string): Promise<Check[]> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Check[];
  } catch {
    return [{ id: 'none', name: 'the scenario broke off', status: 'FAILURE' }];
  }
}
