import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import type { DevServer } from 'nestjs-mcp-auth/dev-server';
import { commands } from '../../lib/cli/commands.js';
import { freePort } from '../support/mcp-flow/free-port.js';
import { authorize } from '../support/mcp-flow/log-in.js';
import { ADAPTERS, startWhoamiApp } from '../support/mcp-flow/whoami-app.js';
import { startInTerminal, type RunningCommand } from '../support/terminal.js';
import { fencedBlocksOf } from './blocks.mjs';
import { Page } from './support/page.js';

const FILE = 'docs/dev-server.md';
const page = await Page.open(FILE);
// This example is a test. Its import adds the test to this file.
await page.run('In tests');
const { server } = await page.run<{ server: DevServer }>('Other lifetimes, DPoP, opaque tokens');
afterAll(() => server.close());

const blocks = await fencedBlocksOf(FILE);
const codeOf = (language: string, heading: string) =>
  blocks.find((block) => block.language === language && block.heading === heading)?.code ?? [];

/** Returns the arguments of the command in these lines. A command can continue over several lines. */
function argumentsIn(lines: readonly string[]): string[] {
  const [, command = ''] =
    /nestjs-mcp-auth (dev-server(?:[^\n]|\n +-)*)/.exec(lines.join('\n')) ?? [];
  return command.split(/[\s\\]+/);
}

let running: RunningCommand | undefined;

/** Starts a command of the page on a free port, and returns what it prints. */
async function start(lines: readonly string[]) {
  running = startInTerminal(commands, [...argumentsIn(lines), '--port', '0']);
  return running.printed('Ctrl+C stops the server.');
}

describe(`the commands of ${FILE}`, () => {
  afterEach(async () => {
    running?.send('SIGTERM');
    await running?.output;
  });

  it('print what the page shows', async () => {
    const text = await start(codeOf('sh', 'Development server'));
    const shown = text
      .replace(/localhost:\d{5}/g, 'localhost:9000')
      .replace(/eyJ[\w.-]+/g, 'eyJ…')
      .trimEnd();
    expect(shown.split('\n')).toEqual(codeOf('text', 'Development server'));
  });

  it('make users', async () => {
    const text = await start(codeOf('sh', 'Users of your own'));
    expect(text.match(/^# .*/gm)).toEqual([
      '# ann (password ann): read:notes write:notes',
      '# ben (password secret): read:notes write:notes',
      '# cat (password cat): read:notes',
      '# dan (password secret): no scopes',
    ]);
  });

  it('serve several resources', async () => {
    const text = await start(codeOf('sh', 'Several resources'));
    expect(text).toContain("scopesSupported: ['read:notes', 'write:notes']");
    expect(text).toContain("scopesSupported: ['read:tasks']");
  });

  it('run in a container', async () => {
    const text = await start(codeOf('yaml', 'In a container'));
    expect(text).toContain("resource: 'http://notes-api.localhost:3000/mcp'");
    expect(text).toContain("authorizationServers: ['http://auth.localhost:9000']");
  });
});

it(`gives clients access tokens for 30 seconds, as ${FILE} says`, async () => {
  const port = await freePort();
  const resource = `http://localhost:${port}/mcp`;
  const [adapter] = Object.keys(ADAPTERS) as [keyof typeof ADAPTERS];
  const app = await startWhoamiApp(adapter, { port, resource, issuer: server.issuer });
  const user = { username: 'ann', password: 'secret' };
  const { oauth } = await authorize('@modelcontextprotocol/client v2', `${resource}/v2`, user, {
    forResource: 'http://localhost:3000/mcp',
  });
  const { exp = 0, iat = 0, sub } = decodeJwt(oauth.tokens()?.access_token ?? '');
  expect([sub, exp - iat]).toEqual(['ann', 30]);
  await app.close();
});

it(`runs every example of ${FILE}`, () => {
  expect(page.notRun).toEqual([]);
});
