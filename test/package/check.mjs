// Packs the package and looks at it as its users will: what is in the tarball, how its types resolve, and whether
// an empty Nest app of each supported major version runs with it. `dist` must have been built.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { createTestAuthorizationServer } from 'nestjs-mcp-auth/testing';
import { compile, exerciseApp, makeNestApp } from './app.mjs';
import { check, conclude } from './checks.mjs';
import { exerciseDevServer } from './dev-server.mjs';
import { checkDocumentation } from './documentation.mjs';
import { exerciseNestAdd, runsNestCli12 } from './nest-add.mjs';
import { run } from './run.mjs';
import { checkContents, checkReachability, pack } from './tarball.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const fixtures = path.join(import.meta.dirname, 'apps');
const bin = (name) => path.join(root, 'node_modules', '.bin', name);

async function checkApp({ nest, sources }, { tarball, directory }, issuer, afterwards) {
  const appDirectory = path.join(directory, `nest${nest}`);
  await makeNestApp({ nest, sources, packages: [tarball] }, appDirectory);
  await compile(appDirectory);
  await exerciseApp(appDirectory, issuer);
  await afterwards?.(appDirectory);
}

/** Checks that README gives CommonJS users the `transformIgnorePatterns` with which the Jest of the app runs. */
async function checkDocumentedJestLine() {
  const manifest = await readFile(path.join(fixtures, 'nest11', 'package.json'), 'utf8');
  const { transformIgnorePatterns } = JSON.parse(manifest).jest;
  const readme = await readFile(path.join(root, 'README.md'), 'utf8');
  const blocks = [...readme.matchAll(/^```json\n(.*?)^```/gms)].map(([, json]) => JSON.parse(json));
  if (!blocks.some((block) => isDeepStrictEqual(block, { transformIgnorePatterns }))) {
    throw new Error(`README.md does not say: ${JSON.stringify({ transformIgnorePatterns })}`);
  }
}

const directory = await mkdtemp(path.join(tmpdir(), 'nestjs-mcp-auth-'));
const issuer = await createTestAuthorizationServer();
try {
  const packed = { directory, ...(await pack(root, directory)) };
  await check('the tarball holds what it should', () => checkContents(packed));
  await check('every file is reachable from exports, bin or schematics', () =>
    checkReachability(packed),
  );
  await check('every export is documented', () => checkDocumentation(packed));
  await check('publint', async () => {
    await run(bin('publint'), ['run', packed.tarball, '--strict']);
  });
  await check('are the types wrong', async () => {
    await run(bin('attw'), [packed.tarball, '--profile', 'esm-only']);
  });
  await check('README has the Jest line of CommonJS users', checkDocumentedJestLine);
  await Promise.all([
    check('an empty Nest 12 ESM app, the development server, and nest add in a new app', () =>
      checkApp({ nest: 12, sources: ['src'] }, packed, issuer, async (cwd) => {
        await exerciseDevServer(cwd);
        if (runsNestCli12()) await exerciseNestAdd(cwd, 12);
      }),
    ),
    check('an empty Nest 11 CommonJS app, its Jest, and nest add in a new app', () =>
      checkApp({ nest: 11, sources: ['src', 'jest'] }, packed, issuer, async (cwd) => {
        await run('npm', ['test'], { cwd });
        await exerciseNestAdd(cwd, 11);
      }),
    ),
  ]);
} finally {
  await issuer.close();
  await rm(directory, { recursive: true, force: true });
}
conclude('The package is fit to publish.');
