import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Browser } from '../../../sample/todo-manager/walk-through/browser.js';
import { freePort } from '../../support/mcp-flow/free-port.js';
import { RunningProgram } from '../running-program.js';
import type { AuthorizationServer } from './authorization-server.js';

/** The packages, in the same version, because the plugin needs exactly its own version of Better Auth. */
const PACKAGES = ['better-auth', '@better-auth/core', '@better-auth/oauth-provider'].map(
  (name) => `${name}@1.7.5`,
);
const OPTIONS = ['--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline'];
const SERVER = 'better-auth-server.mjs';
const USER = { username: 'alice@example.com', password: 'a password, made up' };

/** The packages of Better Auth, installed in a separate folder. */
export class BetterAuthPackages {
  private constructor(readonly folder: string) {}

  static async install(): Promise<BetterAuthPackages> {
    const folder = await mkdtemp(path.join(tmpdir(), 'nestjs-mcp-auth-better-auth-'));
    await writeFile(path.join(folder, 'package.json'), '{ "private": true }');
    await promisify(execFile)('npm', ['install', ...OPTIONS, ...PACKAGES], { cwd: folder });
    await copyFile(path.join(import.meta.dirname, SERVER), path.join(folder, SERVER));
    return new BetterAuthPackages(folder);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A real Better Auth with its OAuth provider, at `/api/auth`. */
export class BetterAuth implements AuthorizationServer {
  readonly issuer: string;

  private constructor(
    private readonly origin: string,
    private readonly program: RunningProgram,
  ) {
    this.issuer = `${origin}/api/auth`;
  }

  /** @param resources - the resource identifiers that tokens may be for */
  static async start(
    packages: BetterAuthPackages,
    format: 'jwt' | 'opaque',
    resources: string[],
  ): Promise<BetterAuth> {
    const port = await freePort();
    const script = path.join(packages.folder, SERVER);
    const folder = await mkdtemp(path.join(tmpdir(), 'nestjs-mcp-auth-better-auth-'));
    const args = [script, `${port}`, format, ...resources];
    const program = await RunningProgram.start(process.execPath, args, {
      port,
      folder,
      signal: 'SIGKILL',
    });
    return new BetterAuth(`http://localhost:${port}`, program);
  }

  async logIn(authorizationUrl: URL, callback: URL): Promise<URLSearchParams> {
    return new Browser().authorize(authorizationUrl, callback, USER);
  }

  /** Deletes the keys, so that the next signature makes a new key. */
  async rotate(): Promise<void> {
    await (await fetch(`${this.origin}/rotate`)).arrayBuffer();
  }

  async stop(): Promise<void> {
    await this.program.stop();
  }
}
