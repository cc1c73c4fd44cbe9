// Builds the library, installs the peers, compiles the bench and runs one scenario. The `bench` scripts of
// the root call this file.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const bench = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('..', import.meta.url));
const scenarios = readdirSync(join(bench, 'scenarios')).map((file) => file.replace(/\.ts$/, ''));

const [scenario, ...options] = process.argv.slice(2);
if (!scenarios.includes(scenario)) {
  fail(`Name a scenario: node bench/run.mjs ${scenarios.join(' | ')}`);
}
if (!existsSync(join(root, 'node_modules'))) {
  fail('The bench uses Nest, Express, Fastify and jose of the root: run `npm ci` there first.');
}

run('npm', ['run', '--silent', 'build'], root);
if (!isInstalled()) {
  run('npm', ['ci'], bench);
}
linkLibrary();
run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', bench], root);
run(process.execPath, [join(bench, 'build/scenarios', `${scenario}.js`), ...options], root);

function isInstalled() {
  const installed = join(bench, 'node_modules/.package-lock.json');
  const wanted = join(bench, 'package-lock.json');
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs;
}

/** Links the library like `npm link`. A `file:` dependency would put its package.json into the lock file. */
function linkLibrary() {
  const link = join(bench, 'node_modules/nestjs-mcp-auth');
  if (!existsSync(link)) {
    symlinkSync('../..', link, 'dir');
  }
}

function run(command, args, cwd) {
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit' });
  if (status !== 0) {
    process.exit(status ?? 1);
  }
}

function fail(message) {
  console.error(message);
  process.exit(2);
}
