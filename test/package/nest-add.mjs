import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { stripVTControlCharacters } from 'node:util';
import { urlOf } from './app.mjs';
import { run } from './run.mjs';

const FLAGS = ['--issuer', 'https://auth.example.com', '--resource', 'http://localhost:3000/mcp'];
const CHALLENGE =
  'Bearer resource_metadata="http://localhost:3000/.well-known/oauth-protected-resource/mcp"';

/** Makes a generated application say where it listens. */
const REPORT_URL = `data:text/javascript,${encodeURIComponent(`
  import { Server } from 'node:net';
  const { listen } = Server.prototype;
  Server.prototype.listen = function (...args) {
    this.once('listening', () => console.log('listening at http://127.0.0.1:' + this.address().port));
    return listen.apply(this, args);
  };
`)}`;

/** Returns `true` if this Node can run version 12 of the Nest CLI. */
export function runsNestCli12() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const oldestMinor = { 20: Infinity, 22: 22, 24: 15 }[major] ?? 0;
  return minor >= oldestMinor;
}

/** Generates an application below one in which the package is installed, adds it with `nest add`, and starts it. */
export async function exerciseNestAdd(directory, cli) {
  const install = ['install', '--no-audit', '--no-fund', '--no-package-lock', '--save-dev'];
  await run('npm', [...install, `@nestjs/cli@${cli}`], { cwd: directory });
  const newApp = ['new', 'generated', '--skip-install', '--skip-git', '--package-manager', 'npm'];
  await runIn(directory, 'nest', newApp);

  const cwd = path.join(directory, 'generated');
  await checkWrongFlags(cwd);
  await checkAddition(cwd);
  // The types of the test runner, which the generated tsconfig.json names, are not installed.
  await runIn(cwd, 'tsc', ['-p', 'tsconfig.build.json', '--types', 'node']);
  await checkChallenge(cwd);
}

async function checkWrongFlags(cwd) {
  const before = await rootModule(cwd);
  await assert.rejects(
    runIn(cwd, 'schematics', ['nestjs-mcp-auth:nest-add', '--issuer', 'auth.example.com']),
    ({ message }) =>
      /not added:\n- --issuer must be an absolute URL .*\n- --resource is missing/.test(
        stripVTControlCharacters(message),
      ),
  );
  assert.equal(await rootModule(cwd), before);
}

async function checkAddition(cwd) {
  const nestAdd = ['add', 'nestjs-mcp-auth', '--skip-install', ...FLAGS];
  assert.match(await runIn(cwd, 'nest', nestAdd), /UPDATE src\/app\.module\.ts/);
  const once = await rootModule(cwd);
  assert.match(once, /McpAuthModule\.forRoot\(\{/);
  assert.match(await runIn(cwd, 'nest', nestAdd), /already, so nothing was changed\./);
  assert.equal(await rootModule(cwd), once);
}

async function checkChallenge(cwd) {
  const child = spawn(process.execPath, ['--import', REPORT_URL, 'dist/main.js'], {
    cwd,
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  const errors = text(child.stderr);
  try {
    const url = await urlOf(child);
    if (url === undefined) throw new Error(`did not start:\n${await errors}`);
    const { status, headers } = await fetch(url);
    assert.deepEqual([status, headers.get('www-authenticate')], [401, CHALLENGE]);
  } finally {
    child.kill('SIGKILL');
    await exited;
  }
}

const rootModule = (cwd) => readFile(path.join(cwd, 'src', 'app.module.ts'), 'utf8');

/** Runs a program of the packages in or above a folder, and returns what it printed, without colours. */
async function runIn(cwd, program, args) {
  const cli = createRequire(path.join(cwd, 'package.json')).resolve('@nestjs/cli/package.json');
  const bin = path.resolve(cli, '../../../.bin', program);
  return stripVTControlCharacters(await run(bin, args, { cwd }));
}
