// Installs the packed package into the example projects of docs/testing.md, as their owners would, compiles them, and
// runs their tests. `dist` must have been built.
import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { installApp } from '../package/app.mjs';
import { check, conclude } from '../package/checks.mjs';
import { run } from '../package/run.mjs';
import { pack } from '../package/tarball.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const projects = path.join(import.meta.dirname, 'projects');

/** The project that has no MCP SDK. It also compiles the published types, as its tsconfig.json says. */
const WITHOUT_SDK = 'jest-esm';

/** Checks that the error names the missing package in one line. */
async function checkMissingSdk(cwd) {
  const program = `import { mcpClient } from 'nestjs-mcp-auth/testing';
    await mcpClient({}, 'alice').catch(({ message }) => console.log(message));`;
  assert.equal(
    await run(process.execPath, ['--input-type=module', '--eval', program], { cwd }),
    'mcpClient() needs the package "@modelcontextprotocol/client" or "@modelcontextprotocol/sdk", which is not installed: npm install --save-dev @modelcontextprotocol/client.\n',
  );
}

const directory = await mkdtemp(path.join(tmpdir(), 'nestjs-mcp-auth-strangers-'));
try {
  const { tarball } = await pack(root, directory);
  const names = await readdir(projects);
  await Promise.all(
    names.map((name) =>
      check(name, async () => {
        const cwd = path.join(directory, name);
        await installApp(path.join(projects, name), cwd, tarball);
        await run('npm', ['test'], { cwd });
        if (name === WITHOUT_SDK) await checkMissingSdk(cwd);
      }),
    ),
  );
} finally {
  await rm(directory, { recursive: true, force: true });
}
conclude('The examples work where they are installed.');
