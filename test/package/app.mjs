import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { run } from './run.mjs';

const APPS = path.join(import.meta.dirname, 'apps');
const RESOURCE = 'https://api.example.com/notes';
const METADATA_PATH = '/.well-known/oauth-protected-resource/notes';
const CHALLENGE = `Bearer resource_metadata="https://api.example.com${METADATA_PATH}", scope="read:notes"`;
const START_UP_LIMIT = 30_000;

/** Copies a fixture into a directory of its own, installs the tarball into it and compiles it. */
export async function installApp(fixture, directory, tarball) {
  await cp(fixture, directory, { recursive: true });
  await install(directory, [tarball]);
  await compile(directory);
}

/**
 * Makes the empty app of a Nest version, and installs the packages into it. It is not compiled yet.
 *
 * @param sources - folders of `apps/` with the sources. A file of a later folder replaces that of an earlier one
 */
export async function makeNestApp({ nest, sources, packages }, directory) {
  await cp(path.join(APPS, `nest${nest}`), directory, { recursive: true });
  for (const folder of sources) {
    await cp(path.join(APPS, folder), path.join(directory, 'src'), { recursive: true });
  }
  await install(directory, packages);
}

async function install(cwd, packages) {
  await run('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock', ...packages], {
    cwd,
  });
}

export async function compile(cwd) {
  await run(process.execPath, [path.join('node_modules', 'typescript', 'bin', 'tsc')], { cwd });
}

/**
 * Starts the compiled app, asks it what a client would, and stops it: it must leave nothing running.
 *
 * @param options - another Node than this one, variables of the environment, and what else to ask
 */
export async function exerciseApp(
  directory,
  issuer,
  { node = process.execPath, env = {}, askMore } = {},
) {
  const child = spawn(node, ['dist/main.js'], {
    cwd: directory,
    env: { ...process.env, ...env, ISSUER: issuer.issuer },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  const errors = text(child.stderr);
  const timer = setTimeout(() => child.kill('SIGKILL'), START_UP_LIMIT);
  try {
    const url = await urlOf(child);
    if (url === undefined) throw new Error(`did not start:\n${await errors}`);
    await checkAnswers(url, issuer);
    await askMore?.(url, issuer);
    child.kill('SIGTERM');
    const [code] = await exited;
    assert.equal(code, 0, 'the app ends once it is closed');
    assert.equal(await errors, '', 'nothing on stderr');
  } finally {
    clearTimeout(timer);
    child.kill('SIGKILL');
  }
}

/** Returns the URL that an app prints once it listens, or `undefined` if it ends before, without output. */
export async function urlOf(child) {
  const seen = [];
  for await (const line of createInterface({ input: child.stdout })) {
    seen.push(line);
    const url = /^listening at (http:\S+)$/.exec(line)?.[1];
    if (url !== undefined) {
      assert.ok(seen.join('\n').includes('Protected handlers'), 'debug lines are logged');
      return url;
    }
  }
  if (seen.length > 0) throw new Error(`did not start:\n${seen.join('\n')}`);
  return undefined;
}

async function checkAnswers(url, issuer) {
  const refused = await fetch(`${url}/notes`);
  assert.equal(refused.status, 401);
  assert.equal(refused.headers.get('www-authenticate'), CHALLENGE);

  const metadata = await fetch(`${url}${METADATA_PATH}`);
  assert.equal(metadata.status, 200);
  const document = await metadata.json();
  assert.equal(document.resource, RESOURCE);
  assert.deepEqual(document.authorization_servers, [issuer.issuer]);
  assert.deepEqual(document.scopes_supported, ['read:notes']);

  const accepted = await ask(url, issuer, { scopes: ['read:notes'] });
  assert.equal(accepted.status, 200, await accepted.clone().text());
  assert.deepEqual(await accepted.json(), { subject: 'alice', owner: 'alice' });

  const underScoped = await ask(url, issuer, { scopes: ['write:notes'] });
  assert.equal(underScoped.status, 403);
  const foreign = await ask(url, issuer, {
    audience: 'https://other.example',
    scopes: ['read:notes'],
  });
  assert.equal(foreign.status, 401);
}

async function ask(url, issuer, options) {
  const token = await issuer.mint({ audience: RESOURCE, ...options });
  return fetch(`${url}/notes`, { headers: { Authorization: `Bearer ${token}` } });
}
