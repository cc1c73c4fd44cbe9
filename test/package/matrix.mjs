// Runs the package from its tarball on each supported version of Nest and Node, with each adapter and kind of module.
// With `--write` the result becomes the table of README.md. `dist` must have been built.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createTestAuthorizationServer } from 'nestjs-mcp-auth/testing';
import { format, resolveConfig } from 'prettier';
import { compile, exerciseApp, makeNestApp } from './app.mjs';
import { check, conclude } from './checks.mjs';
import { run } from './run.mjs';
import { ADAPTERS, MODULES, NEST, NODE, titleOf, withSupportTable } from './support-table.mjs';
import { pack } from './tarball.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const { write } = parseArgs({ options: { write: { type: 'boolean', default: false } } }).values;

/** The adapter, and the peers of `nestjs-mcp-auth/swagger` and `nestjs-mcp-auth/terminus`. */
const PEERS = ['platform-fastify', 'swagger', 'terminus'];

/** Returns the program of a major version of Node: this one, or that of the npm package `node`. */
async function nodeProgram(major) {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  const print = ['node', '--print', 'process.execPath'];
  return (await run('npx', ['--yes', '--package', `node@${major}`, '--', ...print])).trim();
}

async function versionOf(program) {
  return (await run(program, ['--print', 'process.versions.node'])).trim();
}

/** The health indicator and the OpenAPI document answer as they do in the tests of this repository. */
async function checkPeers(url, { issuer }) {
  const health = await (await fetch(`${url}/health`)).json();
  assert.equal(health.status, 'ok', `/health answers ${JSON.stringify(health)}`);
  const { jwks, status } = health.details[issuer];
  assert.deepEqual({ status, jwks: jwks.state }, { status: 'up', jwks: 'fresh' });

  const { paths, components } = await (await fetch(`${url}/api-json`)).json();
  const [requirement] = paths['/notes'].get.security;
  assert.deepEqual(Object.values(requirement), [['read:notes']]);
  assert.ok(Object.keys(requirement)[0] in components.securitySchemes);
  assert.equal(paths['/health'].get.security, undefined);
}

/** Runs all cells of one version of Nest, with one installation. */
async function runNest(nest, programs, { tarball, directory }, issuer) {
  const app = path.join(directory, `nest${nest}`);
  const packages = [tarball, ...PEERS.map((name) => `@nestjs/${name}@^${nest}.0.0`)];
  await makeNestApp({ nest, sources: ['src', 'peers'], packages }, app);
  const cells = [];
  for (const modules of MODULES) {
    const type = modules === 'CommonJS' ? 'commonjs' : 'module';
    await run('npm', ['pkg', 'set', `type=${type}`], { cwd: app });
    const compileError = await check(`Nest ${nest}, ${modules}: compiles`, () => compile(app));
    for (const node of NODE) {
      for (const adapter of ADAPTERS) {
        const cell = { nest, modules, node, adapter };
        const env = { ADAPTER: adapter.toLowerCase() };
        const options = { node: programs.get(node), env, askMore: checkPeers };
        const error =
          compileError ?? (await check(titleOf(cell), () => exerciseApp(app, issuer, options)));
        cells.push(error ? { ...cell, problem: error.message.split('\n')[0] } : cell);
      }
    }
  }
  const core = path.join(app, 'node_modules', '@nestjs', 'core', 'package.json');
  return { version: JSON.parse(await readFile(core, 'utf8')).version, cells };
}

async function runAll() {
  const directory = await mkdtemp(path.join(tmpdir(), 'nestjs-mcp-auth-matrix-'));
  const issuer = await createTestAuthorizationServer();
  try {
    const packed = { directory, ...(await pack(root, directory)) };
    const result = { date: new Date().toISOString().slice(0, 10), node: {}, nest: {}, cells: [] };
    const programs = new Map();
    for (const major of NODE) {
      programs.set(major, await nodeProgram(major));
      result.node[major] = await versionOf(programs.get(major));
    }
    for (const major of NEST) {
      const { version, cells } = await runNest(major, programs, packed, issuer);
      result.nest[major] = version;
      result.cells.push(...cells);
    }
    return result;
  } finally {
    await issuer.close();
    await rm(directory, { recursive: true, force: true });
  }
}

async function writeFormatted(file, text) {
  const filepath = path.join(root, file);
  await writeFile(filepath, await format(text, { ...(await resolveConfig(filepath)), filepath }));
}

const result = await runAll();
if (write) {
  await writeFormatted('test/package/matrix.json', JSON.stringify(result));
  const readme = await readFile(path.join(root, 'README.md'), 'utf8');
  await writeFormatted('README.md', withSupportTable(readme, result));
}
conclude('All combinations work.');
