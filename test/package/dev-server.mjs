import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { exerciseApp } from './app.mjs';
import { run } from './run.mjs';

const USERS = { 'read:notes': 'alice', 'write:notes': 'bob' };
const ARGUMENTS = [
  'dev-server',
  ...['--port', '0', '--scopes', 'read:notes,write:notes'],
  ...['--resource', 'https://api.example.com/notes', '--resource', 'https://other.example'],
  ...Object.entries(USERS).flatMap(([scope, name]) => ['--user', `${name}=${scope}`]),
];

/** Checks that the command names its missing packages, and that the app accepts the printed tokens once these are installed. */
export async function exerciseDevServer(directory) {
  const without = start(directory);
  assert.equal(
    await text(without.stderr),
    'nestjs-mcp-auth dev-server: The development server needs the package "oidc-provider", which cannot be loaded. If it is not installed: npm install --save-dev oidc-provider@9.\n',
  );
  assert.equal(without.exitCode ?? (await once(without, 'exit'))[0], 2);

  const install = ['install', '--no-audit', '--no-fund', '--no-package-lock'];
  await run('npm', [...install, '--save-dev', 'oidc-provider@9'], { cwd: directory });
  const child = start(directory);
  const exited = once(child, 'exit');
  try {
    await exerciseApp(directory, await issuerOf(child));
    child.kill('SIGINT');
    assert.deepEqual(await exited, [0, null]);
  } finally {
    child.kill('SIGKILL');
  }
}

function start(directory) {
  const program = path.join(directory, 'node_modules', '.bin', 'nestjs-mcp-auth');
  return spawn(program, ARGUMENTS, { stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Reads the tokens in the printed commands. */
async function issuerOf(child) {
  const printed = [];
  for await (const line of createInterface({ input: child.stdout })) {
    printed.push(line);
    if (line.endsWith('Ctrl+C stops the server.')) break;
  }
  const output = printed.join('\n');
  return {
    issuer: /http:\S+/.exec(output)?.[0],
    mint: ({ audience, scopes: [scope] }) => {
      const [, calls] = new RegExp(`^# ${USERS[scope]} .*\\n((?:curl .*\\n)+)`, 'm').exec(output);
      const call = calls.split('\n').find((line) => line.includes(`'${audience}'`));
      return /Bearer ([^']+)/.exec(call)[1];
    },
  };
}
